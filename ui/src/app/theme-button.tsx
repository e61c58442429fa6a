// SPDX-License-Identifier: MIT
import { useState, type ReactNode } from 'react';

import { IconButton } from '../components/icon-button';
import { keepTheme, showTheme, storedTheme } from './theme';

export function ThemeButton(): ReactNode {
  const [theme, setTheme] = useState(storedTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <IconButton
      icon={other}
      label={`Change to ${other} colours`}
      onClick={() => {
        keepTheme(other);
        showTheme(other);
        setTheme(other);
      }}
    />
  );
}
