/** The program of the threads by which segments are scanned. */
import "@prodigy-events/query/scan-worker";
