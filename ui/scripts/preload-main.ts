// SPDX-License-Identifier: MIT
import type { HtmlTagDescriptor, Plugin } from 'vite';

type Chunk = {
  type: 'chunk';
  fileName: string;
  moduleIds: string[];
  imports: string[];
  viteMetadata?: { importedCss: Set<string> };
};

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
        const tags: HtmlTagDescriptor[] = [];
        for (const href of [...chunk.imports, chunk.fileName]) {
          const attrs = { rel: 'modulepreload', crossorigin: true, href: `/${href}` };
          tags.push({ tag: 'link', attrs, injectTo: 'head' });
        }
        for (const href of chunk.viteMetadata?.importedCss ?? []) {
          const attrs = { rel: 'stylesheet', crossorigin: true, href: `/${href}` };
          tags.push({ tag: 'link', attrs, injectTo: 'head' });
        }
        return tags;
      },
    },
  };
}
