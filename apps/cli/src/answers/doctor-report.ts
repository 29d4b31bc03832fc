import type { Finding, FindingStatus } from "../doctor/finding.js";
import type { Style } from "../terminal/colour.js";
import type { Report } from "./report.js";

const styles: Readonly<Record<FindingStatus, Style>> = { ok: "good", warning: "warning", broken: "error" };

/** What the doctor found. */
export function doctorReport(findings: readonly Finding[]): Report {
  const rows = findings.map(({ check, status, message, advice }) => ({
    check,
    status,
    message,
    advice: advice ?? null,
  }));
  return {
    document: { healthy: findings.every(({ status }) => status !== "broken"), findings: rows },
    rows,
    columns: [{ name: "status" }, { name: "check" }, { name: "message" }, { name: "advice" }],
    human({ paint, safe }) {
      const widest = Math.max(...findings.map(({ check }) => check.length));
      return findings
        .map(({ check, status, message, advice }) => {
          const what = advice === undefined ? "" : `; ${safe(advice)}`;
          return `${paint(styles[status], status.padEnd(7))}  ${check.padEnd(widest)}  ${safe(message)}${what}\n`;
        })
        .join("");
    },
  };
}
