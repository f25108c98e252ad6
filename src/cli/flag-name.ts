/** The flag of a parameter as people type it: `--start-timestamp` of `startTimestamp`. */
export function flagName(parameter: string): string {
  return `--${parameter.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
