import type { StoredSecret } from "../scan/scan-sources.js";
import type { Report } from "./report.js";

/** The secrets that were found. */
export function scanReport(secrets: readonly StoredSecret[]): Report {
  const rows = secrets.map(({ path, offset, id, eventType, field, kind, preview }) => ({
    path,
    offset,
    id: id ?? null,
    event_type: eventType ?? null,
    field,
    kind,
    preview,
  }));
  return {
    document: rows,
    rows,
    columns: [
      { name: "path" },
      { name: "offset", align: "right" },
      { name: "id" },
      { name: "event_type" },
      { name: "field" },
      { name: "kind" },
      { name: "preview" },
    ],
    human: ({ paint, safe }) =>
      secrets
        .map(({ path, offset, id, field, kind, preview }) => {
          const where = `${safe(path)}:${offset}`;
          const which = `${safe(id ?? "(no record)")}  ${safe(field === "" ? "(line)" : field)}`;
          return `${where}  ${which}  ${paint("warning", kind)}  ${safe(preview)}\n`;
        })
        .join(""),
  };
}
