import test from 'ava';
import {metadataConnections} from '../../../harness/machine/observe/renew-waits.ts';

/** Of Debian 12 with google-guest-agent: it listens, waits for the metadata, has closed one, and is connected elsewhere. */
const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14035 1 0000000000000000 100 0 0 10 0
   1: 0200800A:A2C4 FEA9FEA9:0050 01 00000000:00000000 02:000001F4 00000000     0        0 14201 2 0000000000000000 20 4 30 10 -1
   2: 0200800A:A2C6 FEA9FEA9:0050 06 00000000:00000000 03:00000C4B 00000000     0        0 0 3 0000000000000000
   3: 0200800A:A2C8 0100800A:0050 01 00000000:00000000 00:00000000 00000000     0        0 14202 1 0000000000000000 20 4 30 10 -1
   4: 0200800A:A2CA FEA9FEA9:0035 01 00000000:00000000 00:00000000 00000000     0        0 14203 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt
   0: 0000000000000000FFFF00000200800A:A2CC 0000000000000000FFFF0000FEA9FEA9:0050 01 00000000:00000000 00:00000000 00000000
`;

test('established connections to the metadata server, and no others', (t) => {
	t.deepEqual(metadataConnections(table), [0xa2_c4, 0xa2_cc]);
	t.deepEqual(metadataConnections(''), []);
});
