// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { Link, useMatch, useNavigate } from 'react-router';

import { camerasQuery } from '../../api/cameras';
import { policyQuery, previewQuery, storageStatsQuery, volumesQuery } from '../../api/storage';
import type { StorageStats, Volume } from '../../api/storage-types';
import { NotLoaded } from '../../components/not-loaded';
import { useFocusReturn } from '../../components/use-focus-return';
import { CameraLimitsDialog } from './camera-limits-dialog';
import { CamerasSection } from './cameras-section';
import { CoverageSection } from './coverage-section';
import { DeleteNowDialog } from './delete-now-dialog';
import { GapsSection } from './gaps-section';
import { namesOf } from './names';
import { PolicyDialog } from './policy-dialog';
import { PolicySection } from './policy-section';
import { Skeleton } from './section';
import { RemoveVolumeDialog } from './remove-volume-dialog';
import styles from './storage-page.module.css';
import { StorageSummary } from './storage-summary';
import { UseSection } from './use-section';
import { AddVolumeDialog, ChangeVolumeDialog } from './volume-dialogs';
import { VolumesSection } from './volumes-section';

export function StoragePage(): ReactNode {
  const { data: stats, error, refetch } = useQuery(storageStatsQuery());
  // What has no known height comes with the rest, so that nothing on the page moves.
  const [hasBegun, setHasBegun] = useState(false);
  const parts = [useQuery(volumesQuery()), useQuery(policyQuery())];
  const isThere = stats !== undefined && parts.every(({ isPending }) => !isPending);
  // From then on a part that is asked for again waits for itself alone.
  if (isThere && !hasBegun) setHasBegun(true);
  return (
    <>
      <title>Storage - RoninNVR</title>
      <h1 className="visually-hidden">Storage</h1>
      {stats === undefined && error !== null ? (
        <NotLoaded what="figures of the storage" error={error} onRetry={() => void refetch()} />
      ) : stats === undefined || !hasBegun ? (
        <PageSkeleton />
      ) : (
        <Sections stats={stats} />
      )}
    </>
  );
}

function PageSkeleton(): ReactNode {
  return (
    <div className={styles.page}>
      {[96, 240, 380, 220, 300].map((height, at) => (
        <Skeleton key={height} what={at === 0 ? 'storage' : null} height={height} />
      ))}
    </div>
  );
}

/** Where the focus goes when a dialog closes that the page was opened with. */
function homeOf(dialog: string): string {
  return `open-${dialog.replace('/', '-')}`;
}

/** "policy", "volumes/3", or null: which dialog the address is of. */
function useOpened(): string | null {
  const alone = useMatch('/storage/:what');
  const { what, which } = useMatch('/storage/:what/:which')?.params ?? {};
  if (what !== undefined && which !== undefined) return `${what}/${which}`;
  return alone?.params.what ?? null;
}

function Sections({ stats }: { stats: StorageStats }): ReactNode {
  const { data: cameras = [] } = useQuery(camerasQuery());
  const preview = useQuery(previewQuery({})).data;
  const opened = useOpened();
  const [removing, setRemoving] = useState<Volume | null>(null);
  const page = useRef<HTMLDivElement>(null);
  const { onFocus } = useFocusReturn(removing === null ? opened : 'over', page, homeOf);
  const names = namesOf(cameras, stats.cameras);
  return (
    <>
      <div ref={page} className={styles.page} onFocusCapture={onFocus}>
        <StorageSummary stats={stats} preview={preview} />
        <VolumesSection preview={preview} onRemove={setRemoving} />
        <UseSection names={names} isEmpty={stats.file_count === 0} />
        <PolicySection />
        <CamerasSection cameras={cameras} stats={stats} preview={preview} names={names} />
        <CoverageSection cameras={cameras} stats={stats} />
        <GapsSection cameras={cameras} />
      </div>
      <OpenedDialog opened={opened} />
      {removing?.id != null && (
        <RemoveVolumeDialog volume={removing} id={removing.id} onClose={() => setRemoving(null)} />
      )}
    </>
  );
}

function OpenedDialog({ opened }: { opened: string | null }): ReactNode {
  const navigate = useNavigate();
  const { data: cameras } = useQuery(camerasQuery());
  const { data: volumes } = useQuery(volumesQuery());
  const { data: policy } = useQuery(policyQuery());
  const close = (): void => void navigate('/storage');
  if (opened === null) return null;
  const [what, which] = opened.split('/');
  const hasId = ({ id }: { id: number | null }): boolean => String(id) === which;
  if (opened === 'policy') {
    return policy === undefined ? null : <PolicyDialog policy={policy} onClose={close} />;
  }
  if (opened === 'delete') return <DeleteNowDialog onClose={close} />;
  if (opened === 'volumes/new') return <AddVolumeDialog onClose={close} />;
  if (what === 'volumes') {
    const volume = volumes?.find(hasId);
    if (volume?.id != null) {
      return <ChangeVolumeDialog key={volume.id} volume={volume} id={volume.id} onClose={close} />;
    }
    if (volumes === undefined) return null;
  }
  if (what === 'cameras') {
    const camera = cameras?.find(hasId);
    if (camera !== undefined) {
      return <CameraLimitsDialog key={camera.id} camera={camera} onClose={close} />;
    }
    if (cameras === undefined) return null;
  }
  return (
    <p role="alert" className={styles.unknown}>
      What is in this address does not exist; it may have been removed.{' '}
      <Link to="/storage">Show the storage</Link>
    </p>
  );
}
