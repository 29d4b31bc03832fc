import { describe, expect, it } from "vitest";
import { RedactionRules } from "./redaction-rules.js";

const rules = new RedactionRules();
const value = "me:a1b2c3d4e5";
/** What may stand, up to three of them, between a key and its value. */
const between = ["", '"', "'", "]", "\\", " ", "\t", "=", ":", ",", "\r\n", "\n  value: "];

describe("the rules", () => {
  it.each(["A_TOKEN", "MAIL_PASS", "--mailPass", "name: pass", "PWD", "auth", "_auth"])(
    "find no value of %s that a quick look at it, or at its JSON, does not see",
    (key) => {
      const unseen: string[] = [];
      let found = 0;
      for (const first of between) {
        for (const second of between) {
          for (const third of between) {
            const text = `${key}${first}${second}${third}${value}`;
            if (rules.secretsIn(text).length === 0) continue;
            found += 1;
            const json = JSON.stringify([text]);
            for (const seen of [text, json, JSON.stringify([json])]) {
              if (!rules.isSuspicious(seen)) unseen.push(seen);
            }
          }
        }
      }
      expect(unseen).toEqual([]);
      expect(found).toBeGreaterThan(20);
    },
  );
});
