package org.vitrine.frontend.vnc.rfb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientMessageParserTest {

    private static List<ClientMessage> parse(byte[] bytes, int piece) throws RfbException {
        ClientMessageParser parser = new ClientMessageParser();
        List<ClientMessage> messages = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += piece) {
            parser.feed(bytes, at, Math.min(piece, bytes.length - at));
            for (ClientMessage message = parser.next(); message != null; message = parser.next()) {
                messages.add(message);
            }
        }
        return messages;
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    /** One message of each kind. */
    private static final byte[] ALL =
            hex(
                    "00 000000 20 18 00 01 00ff 00ff 00ff 10 08 00 000000"
                            + "02 00 0003 00000010 00000000 ffffff21"
                            + "03 01 0001 0002 0280 01e0"
                            + "04 01 0000 0000ff0d"
                            + "05 05 0123 0456"
                            + "06 000000 00000003 616263"
                            + "06 000000 00000000"
                            + "ff 00 0001 00000061 0000001e"
                            + "04 00 0000 0000ff0d");

    private static void checkAll(List<ClientMessage> messages) {
        assertEquals(9, messages.size());
        assertEquals(new ClientMessage.SetPixelFormat(PixelFormat.NATIVE), messages.get(0));
        assertArrayEquals(
                new int[] {EncodingType.ZRLE, EncodingType.RAW, EncodingType.DESKTOP_SIZE},
                assertInstanceOf(ClientMessage.SetEncodings.class, messages.get(1)).encodings());
        assertEquals(
                new ClientMessage.FramebufferUpdateRequest(true, 1, 2, 640, 480), messages.get(2));
        assertEquals(new ClientMessage.KeyEvent(true, 0xFF0D), messages.get(3));
        assertEquals(new ClientMessage.PointerEvent(5, 0x123, 0x456), messages.get(4));
        assertEquals(new ClientMessage.ClientCutText(3), messages.get(5));
        assertEquals(new ClientMessage.ClientCutText(0), messages.get(6));
        assertEquals(new ClientMessage.ExtendedKeyEvent(true, 0x61, 0x1E), messages.get(7));
        assertEquals(new ClientMessage.KeyEvent(false, 0xFF0D), messages.get(8));
    }

    @Test
    void everyMessageIsReadHoweverItsBytesCome() throws RfbException {
        for (int piece = 1; piece <= ALL.length; piece++) {
            checkAll(parse(ALL, piece));
        }
    }

    @Test
    void theLongestListOfEncodingsIsRead() throws RfbException {
        RfbOutput out = new RfbOutput();
        out.u8(2).u8(0).u16(65535);
        for (int i = 0; i < 65535; i++) {
            out.u32(i);
        }
        out.bytes(ALL);
        List<ClientMessage> messages = parse(out.toByteArray(), 4096);
        assertEquals(65534, ((ClientMessage.SetEncodings) messages.get(0)).encodings()[65534]);
        checkAll(messages.subList(1, messages.size()));
    }

    @Test
    void aLongClipboardIsReadOver() throws RfbException {
        RfbOutput out = new RfbOutput();
        out.u8(6).bytes(new byte[3]).u32(1_000_000).bytes(new byte[1_000_000]).bytes(ALL);
        List<ClientMessage> messages = parse(out.toByteArray(), 4096);
        assertEquals(new ClientMessage.ClientCutText(1_000_000), messages.get(0));
        checkAll(messages.subList(1, messages.size()));
    }

    @Test
    void aClipboardOverTheLimitIsRefusedBeforeItComes() {
        assertThrows(RfbException.class, () -> parse(hex("06 000000 01000001"), 8));
        assertThrows(RfbException.class, () -> parse(hex("06 000000 ffffffff"), 8));
    }

    @Test
    void unknownTypesAreRefused() {
        assertEquals(
                "there is no message of type 77",
                assertThrows(RfbException.class, () -> parse(new byte[] {77}, 1)).getMessage());
        assertThrows(RfbException.class, () -> parse(hex("ff 01 0000"), 4));
    }

    @Test
    void anEmptyParserHasNoMessage() throws RfbException {
        assertNull(new ClientMessageParser().next());
    }

    @Test
    void anyBytesAreMessagesOrRefused() {
        long seed = System.nanoTime();
        System.out.println("ClientMessageParserTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[1 + random.nextInt(200)];
            random.nextBytes(bytes);
            bytes[0] = (byte) random.nextInt(8);
            try {
                parse(bytes, 1 + random.nextInt(64));
            } catch (RfbException e) {
                refused++;
            }
        }
        assertTrue(refused > 0, "some were refused");
    }
}
