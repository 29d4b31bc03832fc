/**
 * Counts records by event type. Usage: duckdb.mjs columns|extract FILE…
 * `columns` tells DuckDB the one column it needs; `extract` has it take the value out of the JSON of each line.
 */
import { DuckDBInstance } from "@duckdb/node-api";

const [way, ...files] = process.argv.slice(2);
const list = `[${files.map((file) => `'${file.replaceAll("'", "''")}'`).join(",")}]`;
const questions = {
  columns: `select event.event_type, count(*) from read_json(${list}, format = 'newline_delimited',
    columns = {event: 'STRUCT(event_type VARCHAR)'}) group by 1`,
  extract: `select json_extract_string(json, '$.event.event_type'), count(*)
    from read_ndjson_objects(${list}) group by 1`,
};
// Nothing is fetched from the network while it is measured.
const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false" });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(questions[way]);
process.stdout.write(
  reader
    .getRows()
    .map(([type, count]) => `${type},${count}\n`)
    .join(""),
);
