import { findJwts } from "./find-jwts.js";
import type { Literal } from "./literal-scan.js";
import type { SecretSpan } from "./secret-span.js";

/** A sort of secret that is known by its look, wherever it stands. */
export interface ValuePattern {
  readonly kind: string;
  /** One of these occurs in every text that holds such a secret; without them every text is searched. */
  readonly literals?: readonly Literal[] | undefined;
  /** Tells of every such secret in a text. Linear time, unless it is the caller's own. */
  find(text: string, found: (span: SecretSpan) => void): void;
}

/** A pattern whose every match is a secret. An attempt that fails must cost no more than a constant. */
export function valuePattern(
  kind: string,
  pattern: RegExp,
  literals?: readonly (string | Literal)[] | undefined,
): ValuePattern {
  const expression = new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gy]/g, "")}g`);
  return {
    kind,
    literals: literals?.map((literal) => (typeof literal === "string" ? { text: literal } : literal)),
    find(text, found) {
      // Not matchAll(): it makes a copy of the expression for every text.
      expression.lastIndex = 0;
      for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
        const { index: start } = match;
        const end = start + match[0].length;
        found({ start, end, kind });
        if (end === start) expression.lastIndex += 1;
      }
    },
  };
}

/** The prefix with every character that can follow it, for prefixes that are short. */
const withNext = (prefix: string) =>
  [..."abcdefghijklmnopqrstuvwxyz0123456789_-"].map((next) => prefix + next);

/** Every last letter of a scheme, so that there are four characters to look for. */
const withScheme = [..."abcdefghijklmnopqrstuvwxyz0123456789+.-"].map((last) => ({
  text: `${last}://`,
  behind: /[^/"\s]*@/y,
}));

/**
 * Secrets of known services and formats, after what their issuers document. Prefixes are exact, lengths are a little
 * below the real ones. Every repetition is of one class of characters and nothing that can fail follows an unbounded
 * one, so that a search takes linear time.
 */
export const builtinValuePatterns: readonly ValuePattern[] = [
  valuePattern(
    "private-key",
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)/,
    ["private key"],
  ),
  { kind: "jwt", literals: [{ text: ".eyj" }], find: findJwts },
  valuePattern("anthropic-key", /sk-ant-[A-Za-z0-9_-]{8,}/, withNext("sk-")),
  valuePattern(
    "openai-key",
    /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{16,}|(?<![A-Za-z0-9])sk-[A-Za-z0-9]{20,}/,
    withNext("sk-"),
  ),
  valuePattern("github-token", /gh[oprsu]_[A-Za-z0-9_]{16,}|github_pat_[A-Za-z0-9_]{16,}/, [
    "gho_",
    "ghp_",
    "ghr_",
    "ghs_",
    "ghu_",
    "github_pat_",
  ]),
  valuePattern(
    "gitlab-token",
    /gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_.-]{16,}/,
    ["pat", "oas", "dt", "rt", "cbt", "ptt", "ft", "imt", "agent", "soat", "ffct"].map((use) => `gl${use}-`),
  ),
  valuePattern(
    "aws-access-key-id",
    /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/,
    ["akia", "asia", "abia", "acca"].map((text) => ({ text, behind: /[A-Z0-9]{16}/y })),
  ),
  valuePattern("slack-token", /xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|xapp-[0-9]-[A-Za-z0-9-]{10,}/, [
    ...[..."abcdefghijklmnopqrstuvwxyz"].map((type) => `xox${type}`),
    "xapp-",
  ]),
  valuePattern("slack-webhook", /hooks\.slack\.com\/[a-z]{1,20}\/[A-Za-z0-9/_-]{16,}/, ["hooks.slack.com"]),
  valuePattern("discord-webhook", /discord(?:app)?\.com\/api\/webhooks\/[0-9]{5,30}\/[A-Za-z0-9_-]{16,}/, [
    "discord.com",
    "discordapp.com",
  ]),
  valuePattern("npm-token", /npm_[A-Za-z0-9]{30,}/, ["npm_"]),
  valuePattern("pypi-token", /pypi-[A-Za-z0-9_-]{32,}/, ["pypi-"]),
  valuePattern("google-key", /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{30,}|GOCSPX-[A-Za-z0-9_-]{20,}/, [
    "aiza",
    "gocspx-",
  ]),
  valuePattern("google-token", /(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,}/, ["ya29."]),
  valuePattern("stripe-key", /(?<![A-Za-z0-9])[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9]{16,}/, [
    "rk_live_",
    "rk_test_",
    "sk_live_",
    "sk_test_",
    "whsec_",
  ]),
  valuePattern(
    "sendgrid-key",
    /(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,}/,
    withNext("sg.").map((text) => ({ text, behind: /[A-Za-z0-9_-]{15,63}\./y })),
  ),
  valuePattern("huggingface-token", /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{30,}/, withNext("hf_")),
  valuePattern("digitalocean-token", /do[opr]_v1_[a-f0-9]{40,}/, ["doo_v1_", "dop_v1_", "dor_v1_"]),
  valuePattern("databricks-token", /(?<![A-Za-z0-9])dapi[a-f0-9]{32}/, [
    { text: "dapi", behind: /[a-f0-9]{32}/y },
  ]),
  valuePattern("vault-token", /(?<![A-Za-z0-9])hv[bs]\.[A-Za-z0-9_-]{24,}/, [
    { text: "hvb.", behind: /[A-Za-z0-9_-]{24}/y },
    { text: "hvs.", behind: /[A-Za-z0-9_-]{24}/y },
  ]),
  valuePattern("shopify-token", /shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}/, [
    "shpat_",
    "shpca_",
    "shppa_",
    "shpss_",
  ]),
  valuePattern("docker-token", /dckr_[a-z]{3}_[A-Za-z0-9_-]{20,}/, ["dckr_"]),
  valuePattern("groq-key", /(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{32,}/, ["gsk_"]),
  valuePattern("xai-key", /(?<![A-Za-z0-9])xai-[A-Za-z0-9]{32,}/, ["xai-"]),
  valuePattern("linear-key", /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/, ["lin_api_", "lin_oauth_"]),
  valuePattern("atlassian-token", /ATATT3[A-Za-z0-9_=-]{32,}/, ["atatt3"]),
  valuePattern("grafana-token", /(?<![A-Za-z0-9])gl(?:sa|c)_[A-Za-z0-9_+/=-]{32,}/, ["glsa_", "glc_"]),
  valuePattern("age-key", /AGE-SECRET-KEY-1[A-Z0-9]{40,}/, ["age-secret-key-1"]),
  valuePattern(
    "url-credentials",
    /(?<=[A-Za-z0-9+.-]:\/\/)(?:[^\s/?#"'<>\\@:]*:[^\s/?#"'<>\\]+|(?=[A-Za-z_-]{0,40}[0-9])[A-Za-z0-9_-]{20,})(?=@)/,
    withScheme,
  ),
  valuePattern(
    "bearer-token",
    /(?<=(?<![A-Za-z0-9])bearer(?:[ \t]{1,3}|%20|\+))(?=[A-Za-z._~+/=-]{0,64}[0-9]|[A-Za-z._~+/=-]{24})[A-Za-z0-9._~+/=-]{12,}/i,
    ["bearer"],
  ),
  valuePattern(
    "basic-credentials",
    /(?<=(?<![A-Za-z0-9])[Bb]asic )(?=[A-Za-z+/]{0,64}(?:[0-9]|[a-z][A-Z][A-Za-z]{0,20}[a-z][A-Z]))[A-Za-z0-9+/]{12,}={0,2}/,
    [{ text: "basic ", behind: /[A-Za-z0-9+/]{12}/y }],
  ),
];
