// SPDX-License-Identifier: MIT
import { useEffect, useRef, type ReactNode } from 'react';
import { NavLink, Outlet, useLocation } from 'react-router';

import { useSite } from '../api/site';
import { ErrorBoundary } from '../components/error-boundary';
import { RemovedNotices } from '../features/cameras/removed-notices';
import { focusMain } from '../components/use-focus-rescue';
import { useMedia } from '../components/use-media';
import { Icon, type IconName } from '../components/icon';
import { AlarmBadge } from './alarm-badge';
import { AlarmBanner } from './alarm-banner';
import { ConnectionBanner } from './connection-banner';
import styles from './layout.module.css';
import { isKioskSearch } from '../lib/kiosk';
import { PageFailure } from './page-failure';
import { SiteClock } from './site-clock';
import { StatusAnnouncer } from './status-announcer';
import { ThemeButton } from './theme-button';
import { ZoneNotice } from './zone-notice';

const sections: { to: string; label: string; icon: IconName }[] = [
  { to: '/live', label: 'Live', icon: 'live' },
  { to: '/recordings', label: 'Recordings', icon: 'recordings' },
  { to: '/cameras', label: 'Cameras', icon: 'cameras' },
  { to: '/storage', label: 'Storage', icon: 'storage' },
];

export function Layout(): ReactNode {
  const main = useRef<HTMLElement>(null);
  const { pathname, search, key } = useLocation();
  // A screen on the wall: pictures, and what is wrong with them.
  const isKiosk = pathname.startsWith('/live') && isKioskSearch(search);
  const isPhone = useMedia('(width < 600px)');
  const isLost = useSite().connection.state === 'lost';
  const section = sections.find(({ to }) => pathname.startsWith(to))?.label ?? 'RoninNVR';

  // A new section starts at its top, not where the last one was left.
  useEffect(() => {
    if (main.current !== null) main.current.scrollTop = 0;
  }, [section]);

  // What had the focus may have gone with the page before.
  const shownPath = useRef(pathname);
  useEffect(() => {
    const before = shownPath.current;
    if (before === pathname) return;
    shownPath.current = pathname;
    // The address of the recorder alone leads to its first page; nothing had the focus there.
    if (before === '/') return;
    if (document.activeElement === document.body) focusMain();
  }, [pathname]);

  return (
    <div className={styles.layout} data-kiosk={isKiosk}>
      {!isKiosk && (
        <a className={styles.skip} href="#content">
          Skip to content
        </a>
      )}
      {isKiosk ? (
        <div className={styles.kioskBanner}>
          <ConnectionBanner />
        </div>
      ) : (
      <header className={styles.header} data-lost={isLost}>
        <span className={styles.section}>{section}</span>
        {/* In here, where they cover nothing and move nothing. */}
        <ConnectionBanner />
        {!isPhone && <AlarmBanner />}
        <AlarmBadge />
        <SiteClock />
        <ThemeButton />
      </header>
      )}
      {!isKiosk && (
      <nav className={styles.nav} aria-label="Main">
        {sections.map(({ to, label, icon }) => (
          <NavLink key={to} to={to} className={styles.link}>
            <Icon name={icon} size={22} />
            <span>{label}</span>
          </NavLink>
        ))}
      </nav>
      )}
      <main ref={main} id="content" tabIndex={-1} className={styles.main}>
        <ZoneNotice />
        <RemovedNotices />
        <ErrorBoundary
          resetKey={key}
          fallback={(retry) => (
            <PageFailure
              onRetry={() => {
                // The button is about to go; the focus must not go with it.
                focusMain();
                retry();
              }}
            />
          )}
        >
          <Outlet />
        </ErrorBoundary>
      </main>
      {isPhone && !isKiosk && <AlarmBanner />}
      <StatusAnnouncer />
    </div>
  );
}
