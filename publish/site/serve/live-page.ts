import {scriptHash} from "../../render/script-hash.js";
import {templateText} from "../../render/template-files.js";

/** Where a page listens for changes of itself; no page can have this name. */
export const livePath = "/~live";

/**
 * A page with the script that shows its newer version in place. Its content security policy lets
 * that script run and ask this server; nothing else is let in. The file itself is left as it is.
 */
export function livePage(page: string): string {
  const script = templateText("site-live.js");
  const hash = `'${scriptHash(script)}'`;
  const policy = /(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)/;
  const allowed = page.replace(policy, (_, before: string, rules: string, after: string) => {
    return `${before}${allow(rules, hash)}${after}`;
  });
  const end = allowed.lastIndexOf("</body>");
  const at = end === -1 ? allowed.length : end;
  return `${allowed.slice(0, at)}<script>${script}</script>\n${allowed.slice(at)}`;
}

function allow(policy: string, hash: string): string {
  const scripts = /\bscript-src\b/;
  const withScript = scripts.test(policy)
    ? policy.replace(scripts, `script-src ${hash}`)
    : `${policy}; script-src ${hash}`;
  return `${withScript}; connect-src 'self'`;
}
