/** Month and day as identity numbers hold them, without a year. */

/** `added`: what some numbers add to the day (Swedish coordination numbers add 60); both are accepted then. */
export function isDate(month: string, day: string, added: number = 0): boolean {
  const days = Number(day);
  const plain = days > added && added > 0 ? days - added : days;
  return Number(month) >= 1 && Number(month) <= 12 && plain >= 1 && plain <= 31;
}
