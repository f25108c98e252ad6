/** Name, source, name of the error, its text, line and column in the source. */
type Failing = [string, string, string, string, number | null, number | null];

/** Cells that fail, each in its own way, with where in the source they do. */
export const failing: Failing[] = [
  ["a throw on the first line", "throw new Error('a')", "Error", "a", 1, 7],
  [
    "below imports, types and comments",
    "import * as path from 'path';\nimport {join} from 'path';\n\n/* c */\n" +
      "type A = {b: string};\ninterface B { c: number }\nconst x: number = 1;\n" +
      "  throw new RangeError(join('b', path.sep));",
    "RangeError",
    "b/",
    8,
    9,
  ],
  [
    "inside a function",
    "function f(n: number): number {\n  if (n === 0) {\n    throw new TypeError('deep');\n  }\n" +
      "  return f(n - 1);\n}\nf(3);",
    "TypeError",
    "deep",
    3,
    11,
  ],
  [
    "in a class, with enums and generics",
    "enum Side { Buy, Sell }\nclass Book<T extends Side> {\n  private readonly side: T;\n" +
      "  constructor(side: T) { this.side = side; }\n  check(): void {\n" +
      "    if (this.side === Side.Sell) throw new Error('sold');\n  }\n}\n" +
      "new Book(Side.Buy).check();\nnew Book(Side.Sell).check();",
    "Error",
    "sold",
    6,
    40,
  ],
  ["a property of undefined", "const o: any = {};\n\no.a.b", "TypeError", "*", 3, 5],
  [
    "calling what is no function",
    "const g: any = 1;\ng();",
    "TypeError",
    "g is not a function",
    2,
    1,
  ],
  [
    "after an await",
    "const t = 1;\nawait new Promise((done) => setTimeout(done, 5));\nthrow new Error('later');",
    "Error",
    "later",
    3,
    7,
  ],
  [
    "in an awaited function",
    "async function g() {\n  await null;\n\n  throw new Error('async');\n}\nawait g();",
    "Error",
    "async",
    4,
    9,
  ],
  ["JSON that does not parse", "const s = '{';\nJSON.parse(s);", "SyntaxError", "*", 2, 6],
  ["something that is no error", "throw {a: 1}", "Thrown", "{ a: 1 }", 1, 1],
  ["undefined thrown", "throw undefined", "Thrown", "undefined", 1, 1],
  [
    "an error of its own kind",
    "class Bad extends Error {\n  override name = 'Bad';\n}\nthrow new Bad('own');",
    "Bad",
    "own",
    4,
    7,
  ],
  ["a wrong type", "const n = 1;\nconst y: number = 'a';", "TypeScriptError", "*", 2, 7],
  ["an unknown name", "\n\n   nope + 1", "TypeScriptError", "Cannot find name 'nope'.", 3, 4],
  ["broken syntax", "const a = ;", "TypeScriptError", "Expression expected.", 1, 11],
  ["a missing module", "import {a} from 'no-such';\na", "TypeScriptError", "*", 1, 17],
  [
    "a module that does not compile",
    "/** @module m */\nconst q: number = '';",
    "TypeScriptError",
    "*",
    2,
    7,
  ],
  ["a missing module at run time", "\nrequire('no-such')", "Error", "*", 2, 1],
  ["a regular expression", "new RegExp('(')", "SyntaxError", "*", 1, 1],
  ["the end of the stack", "const r = (): number => r();\nr();", "RangeError", "*", 1, 25],
  [
    "a callback",
    "[1, 2].forEach((n) => {\n  if (n === 2) {\n    throw new Error('two');\n  }\n});",
    "Error",
    "two",
    3,
    11,
  ],
  [
    "assertions",
    "import * as assert from 'assert';\n\nassert.equal(1, 2)",
    "AssertionError",
    "*",
    3,
    8,
  ],
  ["a tab before it", "{\n\tthrow new Error('tab');\n}", "Error", "tab", 2, 8],
  ["characters beyond ASCII", "const é = '日本'; throw new Error('é')", "Error", "é", 1, 23],
];
