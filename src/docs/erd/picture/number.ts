/** A coordinate with one decimal at most, the same on every machine. */
export function number(value: number): string {
  const rounded = Math.round(value * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}
