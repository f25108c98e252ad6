/** What keys and passwords look like, by what they are of. */
const patterns: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["an AWS access key", /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/],
  ["a GitHub token", /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/],
  ["a GitLab token", /\bglpat-[A-Za-z0-9_-]{20,}/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ["a Google key", /\bAIza[A-Za-z0-9_-]{35}\b/],
  ["a Stripe key", /\b[rs]k_live_[A-Za-z0-9]{16,}/],
  ["a package registry token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["an API key", /\bsk-[A-Za-z0-9_-]{20,}/],
  ["a signed token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
  ["a password in an address", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'`]+:[^\s/@"'`$]{3,}@/i],
  ["a value for a secret name", secretAssignment()],
];

/** What a line seems to give away, without it; undefined for a harmless line. */
export function secretIn(line: string): string | undefined {
  return patterns.find(([, pattern]) => pattern.test(line))?.[0];
}

/** `apiKey: string = "…"`, `password: "…"`; what is empty, an example or a template is none. */
function secretAssignment(): RegExp {
  const keys = "api_?key|api_?secret|secret_?key|private_?key|access_?token|auth_?token";
  const words = "passw(?:or)?d|passphrase|client_?secret";
  const assigned = /["']?\s*(?::\s*\w+\s*)?[:=]\s*(["'`])/.source;
  const template = /[^"'`\n]*(?:\$\{|<|\.\.\.|example|xxx)/.source;
  const harmless = `(?!\\s*\\1|${template})`;
  return new RegExp(`(?:${keys}|${words})${assigned}${harmless}[^"'\`\\n]{6,}\\1`, "i");
}
