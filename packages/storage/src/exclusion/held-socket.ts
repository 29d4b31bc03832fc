import { once } from "node:events";
import { errnoOf } from "../errors/describe-file-error.js";

/** An abstract unix socket that this process holds: until it lets go or ends, nobody else can. */
export interface HeldSocket {
  release(): Promise<void>;
}

/**
 * Takes an abstract unix socket (unix(7)): the kernel gives it to one process of a network namespace, and takes it back
 * when that ends, however it ends. `"taken"` when another one holds it, or another part of this process. `undefined`
 * where there are no such sockets: on other systems, and in sandboxes. Keeps no process alive.
 */
export async function holdSocket(name: string): Promise<HeldSocket | "taken" | undefined> {
  if (process.platform !== "linux") return undefined;
  // Loaded when it is needed: who reads never is.
  const { createServer } = process.getBuiltinModule("node:net");
  const server = createServer((connection) => connection.destroy());
  server.listen({ path: name, exclusive: true });
  try {
    await once(server, "listening");
  } catch (error) {
    return errnoOf(error) === "EADDRINUSE" ? "taken" : undefined;
  }
  server.on("error", () => undefined); // of a single connection; nobody has any business here
  server.unref();
  return { release: () => new Promise((released) => server.close(() => released())) };
}
