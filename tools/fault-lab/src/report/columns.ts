/** Figures that every JSON line has, zero or not; the others stand together under `figures`. */
export const columns: readonly string[] = ["corruptReported", "corruptActual", "gapsReported", "gapsActual"];
