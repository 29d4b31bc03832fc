import { limits } from "../limits.js";
import { Kernel } from "./kernel.js";

/**
 * Kernels that no question needs at the moment. Each has 22 MiB of address space, which the garbage collector counts as
 * memory: a process that asks many small questions would spend its time collecting.
 */
const idle: Kernel[] = [];

/**
 * A kernel that knows nothing yet; it belongs to the caller until `returnKernel`.
 *
 * @throws QueryError `SIMD_REQUIRED`
 */
export function borrowKernel(inputBytes: number): Kernel {
  const at = idle.findIndex((kernel) => kernel.inputBytes === inputBytes);
  return idle.splice(at, at === -1 ? 0 : 1)[0] ?? new Kernel(inputBytes);
}

/** Takes a kernel back that nobody will use any more. One that never comes back is collected as all else. */
export function returnKernel(kernel: Kernel): void {
  if (idle.length >= limits.maxIdleKernels) return;
  kernel.reset();
  idle.push(kernel);
}
