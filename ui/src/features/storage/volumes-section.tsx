// SPDX-License-Identifier: MIT
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { volumesQuery } from '../../api/storage';
import type { Preview, Volume } from '../../api/storage-types';
import { storageWorkQuery } from '../../api/storage-work';
import { Icon } from '../../components/icon';
import { formatCount } from '../../lib/amounts';
import { Loaded, Section } from './section';
import { VolumeCard } from './volume-card';
import styles from './volumes-section.module.css';
import { WorkProgress } from './work-progress';

type VolumesSectionProps = {
  preview: Preview | undefined;
  onRemove: (volume: Volume) => void;
};

export function VolumesSection({ preview, onRemove }: VolumesSectionProps): ReactNode {
  const query = useQuery({ ...volumesQuery(), retryOnMount: false });
  return (
    <Section
      title="Volumes"
      actions={
        <Link id="open-volumes-new" className="button" to="/storage/volumes/new">
          <Icon name="add" />
          Add volume
        </Link>
      }
    >
      <Loaded query={query} what="volumes" height={196}>
        {(volumes) =>
          volumes.length === 0 ? (
            <p className={styles.none} role="alert">
              <Icon name="warning" />
              There is no volume, so nothing is recorded. Add the folder of a disk.
            </p>
          ) : (
            <ul className={styles.volumes} aria-label="Volumes">
              {volumes.map((volume) => (
                <VolumeCard
                  key={volume.path}
                  volume={volume}
                  fullAt={preview?.volumes.find(({ id }) => id === volume.id)?.full_at}
                  onRemove={() => onRemove(volume)}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      <Moving />
    </Section>
  );
}

function Moving(): ReactNode {
  const { moving } = useQuery(storageWorkQuery()).data;
  if (moving?.running !== true) return null;
  const { file_count: done, left_file_count: left } = moving;
  return (
    <WorkProgress
      label="Moving older recordings to the archive"
      words={`${formatCount(done, 'recording')} moved, ${formatCount(left, 'recording')} left`}
      done={done}
      left={left}
    />
  );
}
