import type {RunEvent} from "../../notebook/run-outcome.js";

/**
 * One line of JSON for an event, `{time, type, …}` with the time in ISO, UTC. The notebook that an
 * event carries is left out: it stands in a file of its own.
 */
export function toEventLine(event: RunEvent, nowMs: number): string {
  const time = new Date(nowMs).toISOString();
  if (event.type === "cell-ended") {
    const {cell, type} = event;
    return `${JSON.stringify({time, type, cell})}\n`;
  }
  return `${JSON.stringify({time, ...event})}\n`;
}
