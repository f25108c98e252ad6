import {spawn} from "node:child_process";
import process from "node:process";

/** The desk's own browser; that it cannot be started is told, the page is there all the same. */
export function openInBrowser(link: string): void {
  const [program, ...args] =
    process.platform === "darwin"
      ? ["open"]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", ""]
        : ["xdg-open"];
  const child = spawn(program as string, [...args, link], {detached: true, stdio: "ignore"});
  child.on("error", () => process.stderr.write(`no browser could be started; open ${link}\n`));
  child.unref();
}
