import type {MachineFile} from './machine-files.ts';
import type {Profile} from './schema.ts';

/** The body of an ACPI table that says the floppy controller is not there. */
export const floppyFiles = ({machine}: Profile): readonly MachineFile[] =>
	machine.floppy === 'hidden' ? [{name: ssdtFile, bytes: Uint8Array.from(floppyAbsent)}] : [];

export const acpiArguments = ({machine}: Profile): readonly string[] =>
	machine.floppy === 'hidden'
		? [
				'-acpitable',
				`sig=SSDT,rev=1,oem_id=${machine.acpi.oemId},oem_table_id=${machine.acpi.oemTableId}SSDT,oem_rev=1,asl_compiler_id=${machine.acpi.oemTableId},asl_compiler_rev=1,data=${ssdtFile}`,
			]
		: [];

const ssdtFile = 'ssdt-floppy.bin';

const ascii = (text: string): readonly number[] => [...Buffer.from(text, 'ascii')];

/**
 * `Scope (\_SB.PCI0.S08.FDC0) { Name (_STA, Zero) }` in AML (ACPI 6.5, 20.2: ScopeOp, PkgLength, RootChar, MultiNamePrefix …).
 * QEMU's FDC0 has no _STA of its own (hw/block/fdc-isa.c, build_fdc_aml), so another table may give it one.
 * Real instances have an SSDT too.
 */
const path = [0x5c, 0x2f, 4, ...ascii('_SB_PCI0S08_FDC0')];
const status = [0x08, ...ascii('_STA'), 0x00];
const floppyAbsent = [0x10, 1 + path.length + status.length, ...path, ...status];
