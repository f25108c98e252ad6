import {execFileSync} from "node:child_process";
import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, describe, expect, it} from "vitest";
import {lookThroughNotebook, notebookCompiler} from "./public-types/notebook-compiler.js";

const root = fileURLToPath(new URL("../", import.meta.url));
const folder = realpathSync(mkdtempSync(join(tmpdir(), "reckon-types-")));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

describe("the public types, as a notebook's compiler sees them", () => {
  it("is TypeScript 5.0.4", () => {
    expect(notebookCompiler().version).toBe("5.0.4");
  });

  it("has no error and no any behind the door", () => {
    execFileSync(process.execPath, [join(root, "src/cli/set-up.mjs"), "build"], {stdio: "pipe"});
    const seen = lookThroughNotebook({
      ourFolder: join(root, "dist"),
      consumer: join(root, "notebooks/consumer.ts"),
      name: "reckon",
    });
    expect(seen.complaints.join("\n")).toBe("");
    expect(seen.anys.join("\n")).toBe("");
    expect(seen.names).toEqual(expect.arrayContaining(["show", "record"]));
    // A notebook that imports "reckon" would read these hundreds of files before its first cell.
    const heavy = seen.files.filter((file) =>
      /node_modules\/(kysely|zod|ccxt|pg|@types\/pg)\//.test(file),
    );
    expect(heavy).toEqual([]);
  });
});

describe("the check itself", () => {
  const cases: [name: string, declaration: string, complaints: RegExp, anys: string[]][] = [
    ["plain types pass", "export declare function f(a: Float64Array): Float64Array;", /^$/, []],
    [
      "an array type that 5.9 infers",
      "export declare function f(): Float64Array<ArrayBuffer>;",
      /^index\.d\.ts:1: TS2315/,
      ["f.()"],
    ],
    ["a hidden any", "export declare function f(o: {a: {b: any}[]}): void;", /^$/, ["f.(o).a.b"]],
    [
      "private members have no type to see",
      "export declare class A { #private; private a; }",
      /^$/,
      [],
    ],
    ["an any in an interface", "export interface A { b(): Promise<any> }", /^$/, ["A.b.()"]],
    [
      "a package that is not there",
      'export declare const a: import("nowhere").B;',
      /TS2307.*nowhere/,
      ["a"],
    ],
    [
      "syntax of a newer compiler",
      "export declare function f<const T>(a: T): NoInfer<T>;",
      /TS2304.*NoInfer/,
      ["f.()"],
    ],
  ];

  it.each(cases)("%s", (name, declaration, complaints, anys) => {
    const consumer = makePackage(name.replaceAll(" ", "-"), declaration);
    const ourFolder = join(folder, name.replaceAll(" ", "-"), "node_modules/sample");
    const seen = lookThroughNotebook({ourFolder, consumer, name: "sample"});
    expect(seen.complaints.join("\n")).toMatch(complaints);
    expect(seen.anys).toEqual(anys);
    expect(seen.names).toHaveLength(1);
  });

  it("complains about a consumer that uses a package wrongly", () => {
    const consumer = makePackage("wrong", "export declare const a: number;");
    const ourFolder = join(folder, "wrong/node_modules/sample");
    const code = "export const b: string = seen.a;";
    const seen = lookThroughNotebook({ourFolder, consumer, name: "sample", code});
    expect(seen.complaints.join("\n")).toContain("TS2322");
  });
});

/** A folder with one package named `sample`, and the path of a file that may import it. */
function makePackage(name: string, declaration: string): string {
  const modules = join(folder, name, "node_modules");
  mkdirSync(join(modules, "sample"), {recursive: true});
  writeFileSync(join(modules, "sample/index.d.ts"), `${declaration}\n`);
  const pkg = {name: "sample", version: "1.0.0", types: "index.d.ts"};
  writeFileSync(join(modules, "sample/package.json"), JSON.stringify(pkg));
  symlinkSync(join(root, "node_modules/@types"), join(modules, "@types"));
  return join(folder, name, "notebooks/consumer.ts");
}
