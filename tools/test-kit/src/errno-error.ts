import { constants } from "node:os";

/** What Node throws when a system call fails: the same fields and the same form of message. */
export function errnoError(code: string, operation: string, path: string | undefined): NodeJS.ErrnoException {
  const errno = constants.errno[code as keyof typeof constants.errno];
  if (errno === undefined)
    throw new TypeError(`${code} is not an errno of this system, such as ENOSPC or EIO`);
  const syscall = operation.replace(/Sync$/, "");
  const where = path === undefined ? "" : ` '${path}'`;
  const error: NodeJS.ErrnoException = new Error(`${code}: injected by the test kit, ${syscall}${where}`);
  error.errno = -errno;
  error.code = code;
  error.syscall = syscall;
  if (path !== undefined) error.path = path;
  return error;
}
