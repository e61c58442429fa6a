// SPDX-License-Identifier: MIT
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin, ResolvedConfig } from 'vite';

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

const minSizeBytes = 1024;
const compressible = /\.(?:js|css|html|svg|json|txt|webmanifest)$/;

/** Writes `<file>.gz` and `<file>.br` next to every text asset over 1 KiB, where compression gains. */
export async function precompressFolder(folder: string): Promise<string[]> {
  const written: string[] = [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile() || !compressible.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    const content = await readFile(path);
    if (content.length < minSizeBytes) continue;
    const variants: [string, Buffer][] = [
      [`${path}.gz`, await gzipAsync(content, { level: 9 })],
      [
        `${path}.br`,
        await brotliAsync(content, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
          },
        }),
      ],
    ];
    for (const [target, bytes] of variants) {
      if (bytes.length >= content.length) continue;
      await writeFile(target, bytes);
      written.push(target);
    }
  }
  return written;
}

/** Vite plugin: compresses what was just built, in whichever folder it was built into. */
export function precompress(): Plugin {
  let config: ResolvedConfig | undefined;
  return {
    name: 'ronin-precompress',
    apply: 'build',
    configResolved(resolved) {
      config = resolved;
    },
    async closeBundle(error?: Error) {
      if (error !== undefined || config === undefined) return;
      const folder = join(config.root, config.build.outDir);
      const absolute = config.build.outDir.startsWith('/') ? config.build.outDir : folder;
      const written = await precompressFolder(absolute);
      config.logger.info(`precompressed: ${String(written.length)} files`);
    },
  };
}
