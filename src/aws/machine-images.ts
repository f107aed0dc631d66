// The machine images of Amazon Linux, and the public SSM parameters that name the newest of each. Pure data. The ids
// are derived from region and image, so that EC2 and SSM agree and ids never change.

import { derivedHex } from '../kernel/ids.ts';

/** An image as EC2 describes it. */
export interface MachineImage {
  imageId: string;
  /** e.g. `al2023-ami-2023.9.20251020.0-kernel-6.1-x86_64`. */
  name: string;
  description: string;
  architecture: 'arm64' | 'x86_64';
  rootDeviceName: string;
  /** ISO 8601. */
  createdAt: string;
  /** The last segments of the names of the public parameters. */
  parameters: string[];
}

/** The path of the public parameters. */
export const PUBLIC_IMAGE_PATH = '/aws/service/ami-amazon-linux-latest/';

// Columns: parameters, with `@` for the architecture and a slash between parameters of the same image; the image's
// name.
const TABLE = `
  al2023-ami-kernel-default-@/al2023-ami-kernel-6.1-@                  al2023-ami-2023.9.20251020.0-kernel-6.1-@
  al2023-ami-kernel-6.12-@                                             al2023-ami-2023.9.20251020.0-kernel-6.12-@
  al2023-ami-minimal-kernel-default-@/al2023-ami-minimal-kernel-6.1-@  al2023-ami-minimal-2023.9.20251020.0-kernel-6.1-@
  al2023-ami-minimal-kernel-6.12-@                                     al2023-ami-minimal-2023.9.20251020.0-kernel-6.12-@
  amzn2-ami-kernel-5.10-hvm-@-gp2                                      amzn2-ami-kernel-5.10-hvm-2.0.20251014.0-@-gp2
  amzn2-ami-hvm-@-gp2                                                  amzn2-ami-hvm-2.0.20251014.0-@-gp2
  amzn2-ami-minimal-hvm-@-ebs                                          amzn2-ami-minimal-hvm-2.0.20251014.0-@-ebs
`;

// Images that exist only for x86_64.
const OLDER = `
  amzn2-ami-kernel-5.10-hvm-x86_64-ebs  amzn2-ami-kernel-5.10-hvm-2.0.20251014.0-x86_64-ebs
  amzn2-ami-hvm-x86_64-ebs              amzn2-ami-hvm-2.0.20251014.0-x86_64-ebs
  amzn-ami-hvm-x86_64-gp2               amzn-ami-hvm-2018.03.0.20231218.0-x86_64-gp2
  amzn-ami-hvm-x86_64-ebs               amzn-ami-hvm-2018.03.0.20231218.0-x86_64-ebs
  amzn-ami-hvm-x86_64-s3                amzn-ami-hvm-2018.03.0.20231218.0-x86_64-s3
  amzn-ami-minimal-hvm-x86_64-ebs       amzn-ami-minimal-hvm-2018.03.0.20231218.0-x86_64-ebs
  amzn-ami-minimal-hvm-x86_64-s3        amzn-ami-minimal-hvm-2018.03.0.20231218.0-x86_64-s3
`;

const ARCHITECTURES = ['x86_64', 'arm64'] as const;

/** Every image that a public parameter names in this region. */
export function machineImagesOf(region: string): MachineImage[] {
  return [
    ...ARCHITECTURES.flatMap((one) => imagesOf(region, TABLE, one)),
    ...imagesOf(region, OLDER, 'x86_64'),
  ];
}

function imagesOf(region: string, table: string, architecture: 'arm64' | 'x86_64'): MachineImage[] {
  return table
    .replaceAll('@', architecture)
    .trim()
    .split('\n')
    .map((line) => {
      const [parameters, name] = line.trim().split(/\s+/) as [string, string];
      const isNew = name.startsWith('al2023');
      const [year, month, day] = /(20\d\d)(\d\d)(\d\d)/.exec(name)!.slice(1);
      return {
        imageId: `ami-0${derivedHex(16, region, name)}`,
        name,
        description: isNew
          ? `Amazon Linux 2023 AMI ${architecture} HVM`
          : `Amazon Linux AMI ${architecture} HVM`,
        architecture,
        rootDeviceName: '/dev/xvda',
        createdAt: `${year}-${month}-${day}T00:00:00.000Z`,
        parameters: parameters.split('/'),
      };
    });
}
