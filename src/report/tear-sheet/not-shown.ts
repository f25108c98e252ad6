import {note, type Sentence} from "../sentence.js";

/** Says which picture is missing and why, in its place. */
export function notShown(what: string, why: string): Sentence {
  return note(`${what}: not shown, because ${why}.`);
}
