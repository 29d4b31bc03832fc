/** Whether a variable switches something on: `true` or `1`. */
export function isSwitchedOn(value: string | undefined): boolean {
  return value === "true" || value === "1";
}
