/** What the columns of a row say of its record: not asked for, asked for, or that it has to be parsed to know. */
export type Verdict = typeof unwanted | typeof wanted | typeof unsure;
export const unwanted = 0;
export const wanted = 1;
export const unsure = 2;
