/** The time at which tests clean: long after everything that is not said to be recent. */
export const nowMs = Date.UTC(2026, 5, 1, 12);
export const hourMs = 3_600_000;
export const minuteMs = 60_000;
