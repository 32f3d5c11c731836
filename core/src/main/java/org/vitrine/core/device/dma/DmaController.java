package org.vitrine.core.device.dma;

import org.vitrine.core.bus.DmaChannel;
import org.vitrine.core.bus.PortDevice;
import org.vitrine.core.bus.PortSpace;
import org.vitrine.core.memory.PhysicalMemory;

/**
 * The two 8237s of an AT, the first on the second's channel 4, and the page registers that hold the
 * upper eight of an address's 24 bits (Intel 82371SB PIIX3 datasheet, section "DMA Controller"). A
 * page register of no channel is a byte of storage; port 80h belongs to another device.
 *
 * <p>Used by the vCPU thread alone.
 */
public final class DmaController {

    private static final int CASCADE = 4;
    private static final int FIRST_PAGE = 0x81;
    private static final int PAGES = 15;

    /** The channels of page registers 81h to 8Fh; -1 for those that are storage alone. */
    private static final int[] PAGE_CHANNELS = {2, 3, 1, -1, -1, -1, 0, -1, 6, 7, 5, -1, -1, -1, 4};

    private final I8237 bytes;
    private final I8237 words;

    /** Both as after reset: everything masked. */
    public DmaController(PhysicalMemory memory) {
        bytes = new I8237(memory, 0);
        words = new I8237(memory, 1);
        cascade();
    }

    /** Claims 0 to Fh, 81h to 8Fh and C0h to DFh. */
    public void claimPorts(PortSpace ports) {
        ports.claim(0x00, 16, "dma1", bytes);
        ports.claim(0xC0, 32, "dma2", new Second());
        ports.claim(FIRST_PAGE, PAGES, "dma page", new PageRegisters());
    }

    /** As the reset pin does. */
    public void reset() {
        bytes.reset();
        words.reset();
        cascade();
    }

    /**
     * The channel with this number.
     *
     * @param number 0 to 7, but not 4: 0 to 3 move bytes, the others words
     */
    public DmaChannel channel(int number) {
        if (number < 0 || number > 7 || number == CASCADE) {
            throw new IllegalArgumentException(
                    "an AT has DMA channels 0 to 3 and 5 to 7, not " + number);
        }
        return find(number);
    }

    private I8237.Channel find(int number) {
        return number < CASCADE ? bytes.channel(number) : words.channel(number - CASCADE);
    }

    private void cascade() {
        bytes.setBusGranted(words.enabled(0));
    }

    @Override
    public String toString() {
        return "dma1: " + bytes + "\ndma2: " + words;
    }

    /** The second controller, whose channel 4 may let the first one have the bus. */
    private final class Second implements PortDevice {

        @Override
        public int readPort(int port) {
            return words.readPort(port & 0x1F);
        }

        @Override
        public void writePort(int port, int value) {
            words.writePort(port & 0x1F, value);
            cascade();
        }
    }

    private final class PageRegisters implements PortDevice {

        private final int[] storage = new int[PAGES];

        @Override
        public int readPort(int port) {
            int channel = PAGE_CHANNELS[port - FIRST_PAGE];
            return channel < 0 ? storage[port - FIRST_PAGE] : find(channel).page();
        }

        @Override
        public void writePort(int port, int value) {
            int channel = PAGE_CHANNELS[port - FIRST_PAGE];
            if (channel < 0) {
                storage[port - FIRST_PAGE] = value;
            } else {
                find(channel).setPage(value);
            }
        }
    }
}
