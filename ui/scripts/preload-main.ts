// SPDX-License-Identifier: MIT
import type { HtmlTagDescriptor, Plugin } from 'vite';

type Chunk = {
  type: 'chunk';
  fileName: string;
  moduleIds: string[];
  imports: string[];
  viteMetadata?: { importedCss: Set<string> };
};

function isEntry(part: unknown): boolean {
  return (part as { isEntry?: boolean } | undefined)?.isEntry === true;
}

/**
 * The first script of the page starts the streams, and only then imports the rest. This has the
 * browser fetch that rest, and its style sheet, from the first moment on all the same.
 */
export function preloadMain(main: string): Plugin {
  return {
    name: 'preload-main',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const chunks = Object.values(bundle ?? {}).filter(({ type }) => type === 'chunk');
        const chunk = (chunks as unknown as Chunk[]).find(({ moduleIds }) =>
          moduleIds.some((id) => id.endsWith(main)),
        );
        if (chunk === undefined) throw new Error(`${main} is not in the bundle`);
        const others = chunk.imports.filter((file) => !isEntry(bundle?.[file]));
        // Not "modulepreload", nor as a style sheet: what is compiled or waited for delays the first script.
        const preload = (as: string, file: string): HtmlTagDescriptor => ({
          tag: 'link',
          attrs: { rel: 'preload', as, fetchpriority: 'low', crossorigin: true, href: `/${file}` },
          injectTo: 'head',
        });
        const tags = [...others, chunk.fileName].map((file) => preload('script', file));
        for (const file of chunk.viteMetadata?.importedCss ?? []) tags.push(preload('style', file));
        return tags;
      },
    },
  };
}
