// SPDX-License-Identifier: MIT
import type { ReactNode } from 'react';

import { useZone } from '../../api/site';
import type { Certificate } from '../../api/types';
import { Icon } from '../../components/icon';
import { dayOf, formatDay, parseInstant } from '../../lib/time';
import styles from './untrusted-certificate.module.css';

type UntrustedCertificateProps = { certificate: Certificate; onTrust: () => void };

/** What a camera shows of itself, for people to compare, and the way to believe it. */
export function UntrustedCertificate({
  certificate,
  onTrust,
}: UntrustedCertificateProps): ReactNode {
  const zone = useZone();
  const { sha256, subject, issuer, not_after, reason } = certificate;
  const end = not_after === null ? null : parseInstant(not_after);
  const facts: [string, string | null][] = [
    ['Not trusted', reason],
    ['Made out to', subject],
    ['Made out by', issuer],
    ['Good until', end === null ? null : formatDay(dayOf(end, zone))],
  ];
  return (
    <div className={styles.certificate} role="group" aria-label="Certificate of the camera">
      <dl>
        {facts.map(
          ([name, value]) =>
            value !== null &&
            value !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
        <div>
          <dt>Fingerprint</dt>
          <dd>
            <code>{sha256}</code>
          </dd>
        </div>
      </dl>
      <p>Trust it only if the camera’s own page shows the same SHA-256 fingerprint.</p>
      <button type="button" className="button" onClick={onTrust}>
        <Icon name="check" />
        Trust this certificate
      </button>
    </div>
  );
}

type TrustedCertificateProps = {
  fingerprint: string;
  onForget: () => void;
  error: string | undefined;
};

/** Which certificate is believed, and the way back. */
export function TrustedCertificate({
  fingerprint,
  onForget,
  error,
}: TrustedCertificateProps): ReactNode {
  if (fingerprint === '') return null;
  return (
    <div className={styles.certificate} role="group" aria-label="Trusted certificate">
      <dl>
        <div>
          <dt>Trusted certificate</dt>
          <dd>
            <code>{fingerprint}</code>
          </dd>
        </div>
      </dl>
      {error !== undefined && <p role="alert">{error}</p>}
      <button type="button" className="button" onClick={onForget}>
        Trust it no longer
      </button>
    </div>
  );
}
