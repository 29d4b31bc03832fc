/**
 * The value of `core.<key>` in the text of a git configuration file (git-config(1), "Syntax"); the last one
 * wins. Includes are not followed: git itself writes the keys read here into the file proper.
 */
export function coreSetting(config: string, key: string): string | undefined {
  let value: string | undefined;
  let inCore = false;
  for (const line of config.replaceAll("\\\n", "").split("\n")) {
    const section = /^\s*\[\s*([^\]"\s]+)\s*("(?:[^"\\]|\\.)*")?\s*\]/.exec(line);
    if (section !== null) inCore = section[1]?.toLowerCase() === "core" && section[2] === undefined;
    const setting = inCore ? /^\s*(?:\[[^\]]*\]\s*)?([A-Za-z][A-Za-z0-9-]*)\s*=\s*(.*)$/.exec(line) : null;
    if (setting?.[1]?.toLowerCase() === key.toLowerCase()) value = unquote(setting[2] ?? "");
  }
  return value;
}

/** Takes quotes, escapes and a trailing comment off a value. */
function unquote(raw: string): string {
  let value = "";
  let kept = 0; // white space outside quotes counts only when something follows it
  let quoted = false;
  for (let index = 0; index < raw.length; index += 1) {
    const character = raw[index] as string;
    if (character === '"') {
      quoted = !quoted;
      kept = value.length;
    } else if (character === "\\") {
      index += 1;
      const escaped = raw[index] ?? "";
      value += { n: "\n", t: "\t", b: "\b" }[escaped] ?? escaped;
      kept = value.length;
    } else if (!quoted && (character === "#" || character === ";")) {
      break;
    } else {
      value += character;
      if (quoted || !/\s/.test(character)) kept = value.length;
    }
  }
  return value.slice(0, kept);
}
