// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import js from '@eslint/js';
import importPlugin from 'eslint-plugin-import';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const features = readdirSync(join(import.meta.dirname, 'src/features'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

/** app -> features -> {api, lib, components}; features never see each other. */
const zones = [
  ...features.map((feature) => ({
    target: `./src/features/${feature}`,
    from: './src/features',
    except: [`./${feature}`],
    message: 'Features do not import each other; compose them in src/app.',
  })),
  {
    target: ['./src/features', './src/api', './src/lib', './src/components'],
    from: './src/app',
    message: 'Only src/app composes; nothing imports it.',
  },
  {
    target: ['./src/api', './src/lib', './src/components'],
    from: './src/features',
    message: 'Shared code does not know the features.',
  },
  {
    target: './src/lib',
    from: ['./src/api', './src/components'],
    message: 'src/lib is pure logic.',
  },
  { target: './src/api', from: './src/components', message: 'src/api draws nothing.' },
  { target: './src/components', from: './src/api', message: 'Widgets are product-free.' },
];

const dateRules = [
  {
    selector: 'CallExpression[callee.property.name=/^toLocale/]',
    message: 'Format times with src/lib/time.ts.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length>0]",
    message: 'Parse times with src/lib/time.ts.',
  },
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='parse']",
    message: 'Parse times with src/lib/time.ts.',
  },
];
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only.',
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/dot-notation': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { import: importPlugin, 'react-hooks': reactHooks },
    extends: [jsxA11y.flatConfigs.strict],
    settings: {
      'import/resolver': { node: { extensions: ['.ts', '.tsx'] } },
    },
    rules: {
      ...reactHooks.configs.recommended.rules,
      'import/no-restricted-paths': ['error', { zones }],
      'no-restricted-syntax': ['error', noDefaultExport, ...dateRules],
      // Only src/api/http.ts talks HTTP.
      'no-restricted-globals': ['error', 'fetch', 'XMLHttpRequest', 'EventSource'],
    },
  },
  {
    files: ['src/lib/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: ['react', 'react-dom', 'react-router', '@tanstack/react-query'] },
      ],
    },
  },
  {
    // And what is asked before that is there.
    files: ['src/api/http.ts', 'src/lib/early-answers.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['src/lib/time.ts'],
    rules: { 'no-restricted-syntax': ['error', noDefaultExport] },
  },
  {
    files: ['src/**/*.test.{ts,tsx}', 'src/test/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-syntax': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
