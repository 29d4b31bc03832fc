import { isUnsafe, visibleYaml } from "../terminal/visible.js";

const layout = { compat: "yaml-1.1", lineWidth: 0, aliasDuplicateObjects: false } as const;

/**
 * YAML 1.2 that 1.1 parsers read the same way; long texts are not folded. Ends in a line feed. Where a text holds
 * characters that a terminal would act on, all texts stand in double quotes with escapes.
 */
export async function toYaml(value: unknown): Promise<string> {
  const { stringify } = await import("yaml");
  const yaml = stringify(value, layout);
  if (!isUnsafe(yaml)) return yaml;
  const quoted = stringify(value, {
    ...layout,
    blockQuote: false,
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "QUOTE_DOUBLE",
  });
  return visibleYaml(quoted);
}
