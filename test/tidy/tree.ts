import type {Finding, SourceText} from "./project.js";

const TOP_LEVEL = [
  // the card
  "package.json tsconfig.json notebooks src publish templates test README.md",
  // what design names besides
  ".ci bench docs deploy",
  // configuration
  "package-lock.json .npmrc .puppeteerrc.cjs tsconfig.build.json tsconfig.bench.json biome.json",
  "knip.json vitest.config.ts .gitignore .gitattributes .editorconfig .nvmrc .dockerignore",
  "vitest.docs.config.ts",
  "vitest.faults.config.ts",
  // community
  "CONTRIBUTING.md CHANGELOG.md LICENSE .github SECURITY.md CODE_OF_CONDUCT.md NOTICE",
].flatMap((line) => line.split(" "));

/** Nothing stands at the root that is neither listed nor ignored by git. */
export function knownTopLevel(names: readonly string[], gitignore: string): Finding[] {
  const ignored = gitignore
    .split("\n")
    .map((line) => line.trim().replace(/\/$/, ""))
    .filter((line) => line !== "" && !line.startsWith("#"));
  const isIgnored = (name: string) => ignored.some((pattern) => matches(pattern, name));
  return names
    .filter((name) => name !== ".git" && !TOP_LEVEL.includes(name) && !isIgnored(name))
    .map((name) => `${name}: is not on the list of the top level; put it into a folder`);
}

/** A gitignore pattern without slashes, which is all that the root's file uses. */
function matches(pattern: string, name: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${escaped}$`).test(name);
}

interface Cell {
  readonly cell_type?: string;
  readonly outputs?: readonly unknown[];
  readonly execution_count?: number | null;
  readonly source?: string | readonly string[];
}

/** Notebooks are committed as they were written, not as they were run. */
export function bareNotebooks(notebooks: readonly SourceText[]): Finding[] {
  return notebooks.flatMap(({path, text}) =>
    cellsOf(text).flatMap((cell, i) => {
      const isRun = (cell.outputs?.length ?? 0) > 0 || (cell.execution_count ?? null) !== null;
      return isRun
        ? [`${path}: cell ${i + 1} has outputs; strip them (reckon notebook strip ${path})`]
        : [];
    }),
  );
}

/** Notebooks import "reckon" and nothing else. */
export function notebooksUseTheDoor(notebooks: readonly SourceText[]): Finding[] {
  return notebooks.flatMap(({path, text}) =>
    cellsOf(text).flatMap((cell, i) => {
      const source = cell.cell_type === "code" ? [cell.source ?? ""].flat().join("") : "";
      const others = [...source.matchAll(/(?:from|import|require)\s*\(?\s*["']([^"']+)["']/g)]
        .map((match) => match[1])
        .filter((name) => name !== "reckon");
      return others.map((name) => `${path}: cell ${i + 1} imports "${name}"; use "reckon"`);
    }),
  );
}

function cellsOf(text: string): readonly Cell[] {
  return (JSON.parse(text) as {cells?: readonly Cell[]}).cells ?? [];
}
