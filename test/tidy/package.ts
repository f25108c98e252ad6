import ts from "typescript";
import {importsOf} from "./imports.js";
import {type Finding, type SourceText, visit} from "./project.js";

/** The parts of package.json that the rules read. */
export interface PackageJson {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly overrides?: Readonly<Record<string, string>>;
}

const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Dependencies that no source names, each with its reason. */
const UNNAMED: Readonly<Record<string, string>> = {
  "@uwdata/flechette": "pins arquero's own dependency for users of the package",
};

/** Every version is exact, so that two installs are the same. */
export function exactVersions(pkg: PackageJson): Finding[] {
  const groups = ["dependencies", "devDependencies", "overrides"] as const;
  return groups.flatMap((group) =>
    Object.entries(pkg[group] ?? {})
      .filter(([, version]) => !EXACT.test(version))
      .map(
        ([name, version]) =>
          `package.json: ${group}.${name}: expected an exact version, found "${version}"`,
      ),
  );
}

/** The lockfile names no host: every user's npm fills in its own registry. */
export function hostlessLock(text: string): Finding[] {
  return text.split("\n").flatMap((line, i) => {
    const isDownload = /"resolved":\s*"(https?|git|ssh)/.test(line) || /:\/\/registry\./.test(line);
    return isDownload
      ? [`package-lock.json:${i + 1}: names a registry; .npmrc's omit-lockfile-registry-resolved`]
      : [];
  });
}

/** Every dependency is named by the product; `sources` are the files of src/ and publish/. */
export function usedDependencies(pkg: PackageJson, sources: readonly SourceText[]): Finding[] {
  const named = new Set(sources.flatMap(namesIn));
  return Object.keys(pkg.dependencies ?? {})
    .filter((name) => !(name in UNNAMED) && !named.has(name))
    .map((name) => `package.json: dependencies.${name} is used nowhere; remove it, or use it`);
}

/** Every import of a package is of a declared dependency, which the product may rely on. */
export function declaredImports(pkg: PackageJson, sources: readonly SourceText[]): Finding[] {
  const known = new Set(Object.keys(pkg.dependencies ?? {}));
  return sources.flatMap(importsOf).flatMap(({from, line, to}) => {
    const isPackage = !/^(src|publish|test|bench|templates)\//.test(to) && !to.startsWith("node:");
    const name = packageName(to);
    return isPackage && name !== "reckon" && !known.has(name)
      ? [`${from}:${line}: imports ${to}, which package.json does not list in dependencies`]
      : [];
  });
}

/** Packages named by any string of a file: imports, resolved paths, dynamic imports. */
function namesIn(file: SourceText): string[] {
  const names: string[] = [];
  visit(file.tree, (node) => {
    if (ts.isStringLiteralLike(node)) {
      names.push(packageName(node.text.replace(/^.*node_modules\//, "")));
    }
  });
  return names;
}

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? "");
}
