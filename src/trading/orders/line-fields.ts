/** The fields of a line of text: `values[i]` is what the line says of `names[i]`. */
export interface LineFields {
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** The line begins as lines of the kind do. */
  readonly isOfKind: boolean;
}

/** How a line begins, and the field whose value is the whole rest of the text. */
export interface LineKind {
  readonly kind: string;
  readonly last: string | undefined;
}

/** Names that follow each other in lines of a kind, and the expression that reads such lines. */
interface Shape {
  readonly names: readonly string[];
  readonly expression: RegExp;
}

const SHAPES_KEPT = 16;
const shapes = new Map<string, Shape>();
const lastShapes = new Map<string, Shape>();

/**
 * The fields of a line, whatever it begins with. Lines of a kind nearly all have the same names:
 * one expression made of those of the line before reads a line at once, which costs a fraction of
 * looking for names.
 */
export function lineFields(text: string, {kind, last}: LineKind): LineFields {
  const shape = lastShapes.get(kind);
  const found = shape?.expression.exec(text);
  if (shape !== undefined && found) {
    return {names: shape.names, values: found.slice(1), isOfKind: true};
  }
  const fields = readFields(text, last);
  const names = [...fields.keys()];
  keepShape({kind, last}, names);
  const isOfKind = text.startsWith(`${kind}:`) && /\s/.test(text.charAt(kind.length + 1));
  return {names, values: [...fields.values()], isOfKind};
}

function keepShape({kind, last}: LineKind, names: readonly string[]): void {
  const key = `${kind} ${last} ${names.join(" ")}`;
  let shape = shapes.get(key);
  if (shape === undefined && shapes.size < SHAPES_KEPT) {
    shape = {names, expression: expressionOf({kind, last}, names)};
    shapes.set(key, shape);
  }
  if (shape !== undefined) {
    lastShapes.set(kind, shape);
  }
}

/** Matches lines of which these are all the names: no other value than the last holds a `=`. */
function expressionOf({kind, last}: LineKind, names: readonly string[]): RegExp {
  const fields = names.map((name) => `\\s+${name}=(${name === last ? "[^]*?" : "[^=]*?"})`);
  return new RegExp(`^${kind}:${fields.join("")}\\s*$`);
}

/**
 * The values by name. A name is a word between a blank (or the beginning) and an equals sign; its
 * value ends before the next name. By hand, as an expression that looks ahead costs ten times more.
 */
function readFields(text: string, last: string | undefined): Map<string, string> {
  const at = last === undefined ? -1 : text.search(new RegExp(`\\s${last}=`));
  const head = at < 0 ? text : text.slice(0, at);
  const fields = new Map<string, string>();
  let [name, from] = ["", 0];
  for (let equals = head.indexOf("="); equals >= 0; equals = head.indexOf("=", equals + 1)) {
    let start = equals;
    while (start > 0 && isWordCode(head.charCodeAt(start - 1))) {
      start -= 1;
    }
    const isName = start < equals && (start === 0 || /\s/.test(head.charAt(start - 1)));
    if (isName) {
      if (name !== "") {
        fields.set(name, head.slice(from, start).trimEnd());
      }
      [name, from] = [head.slice(start, equals), equals + 1];
    }
  }
  if (name !== "") {
    fields.set(name, head.slice(from).trimEnd());
  }
  return at < 0
    ? fields
    : fields.set(last as string, text.slice(at + 1 + (last as string).length + 1).trimEnd());
}

/** Of a letter, a digit or an underscore. */
function isWordCode(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || (code >= 48 && code <= 57) || code === 95;
}
