/** Values of names such as `pass`, `pwd` and `auth`, which are those of secrets and of other things. */

const maxBase64Length = 1_000;

const path = /^(?:~|\.{1,2}$|\.{0,2}[\\/]|[A-Za-z]:[\\/]|[\w.@-]{1,64}[\\/])/;

/** Whether a value is no path of a file system: `pwd` is mostly the working directory. */
export function isNoPath(value: string): boolean {
  return !path.test(value);
}

const outcome = /^(?:\d{1,3}(?:[/%].{0,16})?|y|n|yes|no|on|off|ok|true|false|(?:pass|fail|skipp?)(?:ed)?)$/i;

/** Whether a value is nothing that comes of tests: `pass` is mostly how many of them passed. */
export function isNoOutcome(value: string): boolean {
  return !outcome.test(value);
}

/** Whether a value has no white space. */
export function isOneWord(value: string): boolean {
  return !/\s/.test(value);
}

/** A user and a password that looks like one, with a digit in it. */
const userAndPassword = /^[^\s:/]{1,64}:(?=[^\s\d]{0,64}\d)\S{6,}$/;
const base64 = /^[A-Za-z0-9+/]{8,}={0,2}$/;

/** Whether a value is `user:password`, as it is or in base64, where it may be any: what `auth` is in settings. */
export function isUserAndPassword(value: string): boolean {
  if (userAndPassword.test(value)) return true;
  if (value.length > maxBase64Length || !base64.test(value)) return false;
  return /^[!-9;-~]+:[ -~]+$/.test(Buffer.from(value, "base64").toString("latin1"));
}
