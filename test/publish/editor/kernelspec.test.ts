import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, describe, expect, it} from "vitest";
import {
  installKernelspec,
  type JupyterPlace,
  jupyterDataDir,
  removeKernelspec,
} from "../../../publish/editor/kernelspec.js";

const folder = mkdtempSync(join(tmpdir(), "reckon-kernelspec-"));
afterAll(() => rmSync(folder, {recursive: true, force: true}));

describe("jupyterDataDir", () => {
  const cases: [name: string, place: Partial<JupyterPlace>, wanted: string][] = [
    ["Linux", {platform: "linux", env: {}}, "/home/a/.local/share/jupyter"],
    ["Linux, XDG", {platform: "linux", env: {XDG_DATA_HOME: "/x"}}, "/x/jupyter"],
    ["macOS", {platform: "darwin", env: {}}, "/home/a/Library/Jupyter"],
    ["Windows", {platform: "win32", env: {APPDATA: "/roaming"}}, "/roaming/jupyter"],
    ["Windows without APPDATA", {platform: "win32", env: {}}, "/home/a/.jupyter/data"],
    ["a folder that is named", {platform: "linux", env: {JUPYTER_DATA_DIR: "/j"}}, "/j"],
  ];
  it.each(cases)("%s", (_name, place, wanted) => {
    expect(jupyterDataDir({home: "/home/a", ...place})).toBe(wanted);
  });
});

describe("installKernelspec", () => {
  it("registers a kernel whose every file is there, twice alike, and removes it", async () => {
    const dataDir = join(folder, "data");
    const at = await installKernelspec(dataDir);
    const text = readFileSync(join(at, "kernel.json"), "utf8");
    expect(at).toBe(join(dataDir, "kernels/reckon"));
    const {argv, ...spec} = JSON.parse(text) as {argv: string[]};
    expect(spec).toMatchObject({display_name: "TypeScript (reckon)", language: "typescript"});
    const files = argv.filter((part) => part.startsWith("/"));
    expect(files.filter((file) => !existsSync(file))).toEqual([]);
    expect(argv.at(-1)).toBe("{connection_file}");
    await installKernelspec(dataDir);
    expect(readFileSync(join(at, "kernel.json"), "utf8")).toBe(text);
    expect([await removeKernelspec(dataDir), await removeKernelspec(dataDir)]).toEqual([
      true,
      false,
    ]);
    expect(existsSync(at)).toBe(false);
  });

  it("says which folder cannot be made", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(installKernelspec(join(folder, "file"))).rejects.toThrow(
      /file\/kernels\/reckon: expected to make the folder, found ENOTDIR.*--data-dir/,
    );
  });
});
