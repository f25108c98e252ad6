/**
 * The part of a URL that names a user and a password, to the last `@`: one that should have been
 * escaped is masked too. A port is no password.
 */
const USER_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/)([^\s/?#@:"']*):(?!\d+(?:[/?#\s"']|$))([^\s"']+)@/gi;
/** A password among the parameters of a URL. */
const PASSWORD_PARAMETER = /([?&](?:password|passwd|pwd|secret|token|api_?key)=)[^&\s"'#]+/gi;

/** Text with the password of every URL in it replaced by `***`, for anything that is printed. */
export function maskUrl(text: string): string {
  return text.replace(USER_PASSWORD, "$1$2:***@").replace(PASSWORD_PARAMETER, "$1***");
}

/** True when the text holds a URL with a password. */
export function hasUrlPassword(text: string): boolean {
  return maskUrl(text) !== text;
}
