/**
 * Compiles `kernel/kernel.ts` (AssemblyScript) to WebAssembly and writes it, in base64, into `src/generated/`, so that it
 * travels with every bundle. Runs before every build; the same input gives the same bytes.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { main as compile } from "assemblyscript/asc";

const root = fileURLToPath(new URL("../", import.meta.url));
const banner = "// Made by scripts/build-kernel.js from kernel/kernel.ts. Do not edit.";

/** No runtime library, no imports and no checks: the kernel allocates once and stays within what it was given. */
const options = [
  "-O3",
  "--converge",
  "--noAssert",
  "--enable",
  "simd",
  "--runtime",
  "stub",
  // In pages of 64 KiB: what the dictionaries, the rows and a MiB of input take. What is not used takes no memory.
  "--initialMemory",
  "352",
  "--use",
  "abort=",
];

let bytes;
const { error, stderr } = await compile(
  ["kernel/kernel.ts", "--baseDir", root, "--outFile", "kernel.wasm", ...options],
  {
    writeFile(_name, content) {
      bytes = content;
    },
  },
);
if (error || !bytes) throw new Error(`the kernel does not compile:\n${stderr}`, { cause: error });

const directory = `${root}src/generated/`;
await mkdir(directory, { recursive: true });
await writeFile(
  `${directory}kernel-bytes.ts`,
  `${banner}\nexport const kernelBase64 =\n  "${Buffer.from(bytes).toString("base64")}";\n`,
);
