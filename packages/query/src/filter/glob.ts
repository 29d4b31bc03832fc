/** Whether `text` holds a character that a glob gives a meaning. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/**
 * A regular expression for a glob over a whole name: `*` any run of characters, `?` one, `[abc]`, `[a-z]` and `[!abc]`
 * one of (or none of) a set. An unclosed `[` stands for itself.
 */
export function globToRegExp(glob: string): RegExp {
  let source = "";
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at]!;
    const set = character === "[" ? /^\[(!?)(\]?[^\]]*)\]/.exec(glob.slice(at)) : null;
    if (set && set[2] !== "") {
      source += `[${set[1] ? "^" : ""}${set[2]!.replace(/[\\\]^[]/g, "\\$&")}]`;
      at += set[0].length - 1;
    } else if (character === "*") {
      source += ".*";
      while (glob[at + 1] === "*") at++;
    } else {
      source += character === "?" ? "." : escapeRegExp(character);
    }
  }
  return new RegExp(`^${source}$`, "su");
}

/** `text` as a regular expression that matches exactly it. */
export function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
