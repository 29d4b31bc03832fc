import { directoryPrivacy, type FileSystem } from "@prodigy-events/storage";
import { RetentionError } from "../errors.js";

/**
 * Refuses to work on a store that other users can reach, or that is another user's: what is removed there, and under
 * which rights, is not for us to decide alone.
 *
 * @throws RetentionError `ROOT_NOT_PRIVATE`
 */
export async function requirePrivateRoot(root: string, fs: FileSystem): Promise<void> {
  const { isPrivate, isOurs, mode } = await directoryPrivacy(root, fs);
  if (!isOurs) {
    const message = `${root} belongs to another user; run this as that user, or use --force`;
    throw new RetentionError("ROOT_NOT_PRIVATE", message, { path: root });
  }
  if (isPrivate) return;
  const message = `other users can reach ${root} (mode ${mode.toString(8).padStart(4, "0")}); run 'chmod 700 ${root}', or use --force`;
  throw new RetentionError("ROOT_NOT_PRIVATE", message, { path: root });
}
