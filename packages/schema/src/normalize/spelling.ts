/** What serde calls a snake_case name in Rust: `agent_failed` is `AgentFailed`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|_)(.)/g, (_, letter: string) => letter.toUpperCase());
}
