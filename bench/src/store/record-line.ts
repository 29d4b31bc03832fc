/** The parts of a line, each in JSON but for the plain texts that need no escape. */
export interface LineParts {
  id: string;
  timestamp: string;
  correlationId: string;
  /** JSON of the event. */
  event: string;
  pid: number;
  producerId: string;
  sequence: number;
}

const metadataOf = ({ pid, producerId, sequence }: LineParts): string =>
  `{"host":"worker-01","pid":${pid},"thread":"main","producer_id":"${producerId}","sequence":${sequence}}`;

/** The line as our writer writes it; equal to what `encodeRecord` gives, which a test holds. */
export function canonicalLine(parts: LineParts): string {
  const { id, timestamp, correlationId, event } = parts;
  return `{"id":"${id}","timestamp":"${timestamp}","correlation_id":"${correlationId}","event":${event},"metadata":${metadataOf(parts)}}\n`;
}

/** The same record as another program might write it: other order, with spaces. */
export function foreignLine(parts: LineParts): string {
  const { id, timestamp, correlationId, event } = parts;
  return `{"event": ${event}, "metadata": ${metadataOf(parts)}, "correlation_id": "${correlationId}", "id": "${id}", "timestamp": "${timestamp}"}\n`;
}

/** A line that a crash cut off and another writer went on after. */
export function malformedLine(parts: LineParts): string {
  const line = canonicalLine(parts);
  return `${line.slice(0, line.length >> 1)}\n`;
}
