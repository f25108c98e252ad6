import {readdirSync, readFileSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {describe, expect, it} from "vitest";
import {notebookCompiler} from "../public-types/notebook-compiler.js";
import {NOTEBOOKS_DIR} from "./notebook-desk.js";

interface RawCell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: readonly string[];
  readonly metadata: {readonly tags?: readonly string[]};
  readonly execution_count?: number | null;
  readonly outputs?: readonly unknown[];
}
interface RawNotebook {
  readonly cells: readonly RawCell[];
  readonly metadata: {
    readonly kernelspec: Record<string, unknown>;
    readonly language_info: Record<string, unknown>;
  };
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

const NAMES = [
  "forecast-evaluation",
  "historical-pnl-for-investors",
  "pnl-observer",
  "reconciliation-fast",
  "reconciliation-multiday",
  "reconciliation-slow",
  "tear-sheet",
];
const ts = notebookCompiler();

function read(name: string): RawNotebook {
  return JSON.parse(readFileSync(`${NOTEBOOKS_DIR}${name}.ipynb`, "utf8")) as RawNotebook;
}

function codeOf(cell: RawCell): string {
  return cell.source.join("");
}

/** Every node of a cell's code. */
function nodesOf(code: string) {
  const found: {kind: number; text: string}[] = [];
  const file = ts.createSourceFile("cell.ts", code, ts.ScriptTarget.ES2022, true);
  const visit = (node: Parameters<typeof ts.isLiteralExpression>[0]): void => {
    found.push({kind: node.kind, text: node.getText(file)});
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

describe("the notebooks", () => {
  it("are these", () => {
    expect(readdirSync(fileURLToPath(new URL(`file://${NOTEBOOKS_DIR}`))).sort()).toEqual(
      NAMES.map((name) => `${name}.ipynb`),
    );
  });

  it.each(NAMES)("%s is a notebook of the TypeScript kernel, without outputs", (name) => {
    const {cells, metadata, nbformat, nbformat_minor} = read(name);
    expect([nbformat, nbformat_minor]).toEqual([4, 5]);
    expect(metadata.kernelspec).toEqual({
      name: "tslab",
      display_name: "TypeScript",
      language: "typescript",
    });
    expect(metadata.language_info.name).toBe("typescript");
    expect(new Set(cells.map(({id}) => id)).size).toBe(cells.length);
    for (const {id} of cells) {
      expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    }
    for (const cell of cells.filter(({cell_type}) => cell_type === "code")) {
      expect(cell.outputs).toEqual([]);
      expect(cell.execution_count).toBeNull();
    }
  });

  it.each(NAMES)("%s begins with its title, a sentence and its parameters", (name) => {
    const {cells} = read(name);
    expect(codeOf(cells[0] as RawCell)).toMatch(/^# .+\?\n\n.+\.$/s);
    const tagged = cells.filter(({metadata}) => metadata.tags?.includes("parameters"));
    expect(tagged).toHaveLength(1);
    expect(cells.find(({cell_type}) => cell_type === "code")).toBe(tagged[0]);
    const code = codeOf(tagged[0] as RawCell);
    const declared = code.match(/^const /gm) ?? [];
    const documented = code.match(/^\/\*\* .+ \*\/\nconst \w+: [^=\n]+ = [^()\n]+;$/gm) ?? [];
    expect(documented).toHaveLength(declared.length);
  });

  it.each(NAMES)("%s has no function, loop or path in its cells", (name) => {
    const {SyntaxKind} = ts;
    const banned = [
      SyntaxKind.FunctionDeclaration,
      SyntaxKind.FunctionExpression,
      SyntaxKind.ArrowFunction,
      SyntaxKind.ClassDeclaration,
      SyntaxKind.ForStatement,
      SyntaxKind.ForOfStatement,
      SyntaxKind.ForInStatement,
      SyntaxKind.WhileStatement,
      SyntaxKind.DoStatement,
      SyntaxKind.IfStatement,
      SyntaxKind.TemplateExpression,
    ];
    for (const cell of read(name).cells.filter(({cell_type}) => cell_type === "code")) {
      const code = codeOf(cell);
      expect(nodesOf(code).filter(({kind}) => banned.includes(kind))).toEqual([]);
      expect(code).not.toMatch(/node:|\bjoin\(|\bresolve\(/);
      const isParameters = cell.metadata.tags?.includes("parameters") ?? false;
      expect(code.split("\n").length).toBeLessThanOrEqual(isParameters ? 40 : 20);
      expect(code.match(/\bshow\(/g)?.length ?? 0).toBeLessThanOrEqual(1);
    }
  });

  it.each(NAMES)("%s imports the one door, and says a sentence under every heading", (name) => {
    const {cells} = read(name);
    const code = cells.filter(({cell_type}) => cell_type === "code").map(codeOf);
    const imports = code.join("\n").match(/from "[^"]+"/g) ?? [];
    expect(new Set(imports)).toEqual(new Set(['from "reckon"']));
    for (const cell of cells.filter(({cell_type}) => cell_type === "markdown")) {
      expect(codeOf(cell)).toMatch(/[.?]$/);
    }
  });
});
