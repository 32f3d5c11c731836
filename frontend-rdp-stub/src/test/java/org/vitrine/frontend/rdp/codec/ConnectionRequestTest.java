package org.vitrine.frontend.rdp.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionRequestTest {

    /**
     * A packet as MS-RDPBCGR 4.1.1 lays one out: the cookie of user "eltons", standard RDP security
     * alone.
     */
    private static final byte[] ELTONS = packet("Cookie: mstshash=eltons\r\n", "0100080000000000");

    private static byte[] packet(String line, String negotiation) {
        byte[] text = line.getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = HexFormat.of().parseHex(negotiation);
        byte[] tpdu = new byte[7 + text.length + request.length];
        tpdu[0] = (byte) (tpdu.length - 1);
        tpdu[1] = (byte) 0xE0;
        tpdu[4] = 0x56;
        tpdu[5] = 0x78;
        System.arraycopy(text, 0, tpdu, 7, text.length);
        System.arraycopy(request, 0, tpdu, 7 + text.length, request.length);
        return Tpkt.wrap(tpdu);
    }

    private static ConnectionRequest parse(byte[] packet) throws RdpSyntaxException {
        int length = Tpkt.bodyLength(Arrays.copyOf(packet, 4), ConnectionRequest.MAX_LENGTH);
        assertEquals(packet.length - 4, length);
        return ConnectionRequest.parse(Arrays.copyOfRange(packet, 4, packet.length));
    }

    @Test
    void aCookieAndARequestAreRead() throws RdpSyntaxException {
        assertEquals("0300002c27e00000", HexFormat.of().formatHex(ELTONS, 0, 8));
        assertEquals(
                new ConnectionRequest(0x5678, "eltons", null, true, 0, SecurityProtocols.RDP),
                parse(ELTONS));
    }

    @Test
    void aBareRequestIsOneOfAnOldClient() throws RdpSyntaxException {
        byte[] bare = HexFormat.of().parseHex("0300000b06e00000000000");
        assertEquals(new ConnectionRequest(0, null, null, false, 0, 0), parse(bare));
    }

    @Test
    void protocolsFlagsAndCorrelationAreRead() throws RdpSyntaxException {
        ConnectionRequest request =
                parse(
                        packet(
                                "Cookie: msts=3640205228.15629.0000\r\n",
                                "010908000b000000" + "06002400" + "00".repeat(32)));
        assertEquals("Cookie: msts=3640205228.15629.0000", request.routingToken());
        assertNull(request.user());
        assertEquals(9, request.flags());
        assertEquals("TLS, CredSSP, CredSSP-EX", SecurityProtocols.names(request.protocols()));
    }

    @Test
    void whatCanNotBePrintedIsTakenOutOfNames() throws RdpSyntaxException {
        assertEquals("a?b?c", parse(packet("Cookie: mstshash=a\u001Bb\u00FFc\r\n", "")).user());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 05e00000000000, says that it has",
        "'', 06d00000000000, Connection Request is wanted",
        "'', 06e00000000040, class 4",
        "'', 0ee00000000000 0200080000000000, no RDP_NEG_REQ",
        "'', 0ee00000000000 0100090000000000, no RDP_NEG_REQ",
        "'', 08e00000000000 0100, no RDP_NEG_REQ",
        "'', 0fe00000000000 0100080000000000 00, bytes too many",
        "'', 0ee00000000000 0108080000000000, RDP_NEG_CORRELATION_INFO",
        "'', 0ae00000000000 436f6f6b, cookie",
        "'', 07e00000000000 43, cookie"
    })
    void malformedRequestsAreRefusedWithAReason(String name, String hex, String reason) {
        byte[] tpdu = HexFormat.of().parseHex(hex.replace(" ", ""));
        RdpSyntaxException refused =
                assertThrows(RdpSyntaxException.class, () -> ConnectionRequest.parse(tpdu));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"47455420", "03000006", "03000104", "0300ffff", "0000000b", "16030100"})
    void otherProtocolsAndAbsurdLengthsAreRefusedAtTheHeader(String hex) {
        byte[] header = HexFormat.of().parseHex(hex);
        assertThrows(
                RdpSyntaxException.class,
                () -> Tpkt.bodyLength(header, ConnectionRequest.MAX_LENGTH));
    }

    @Test
    void unknownProtocolsKeepTheirNumber() {
        assertEquals("TLS, 0x80000020", SecurityProtocols.names(0x80000021));
        assertEquals("standard RDP security", SecurityProtocols.names(0));
    }

    @Test
    void randomChangesAreParsedOrRefusedAndNothingElse() {
        long seed = System.nanoTime();
        System.out.println("ConnectionRequestTest seed " + seed);
        Random random = new Random(seed);
        byte[] sample = Arrays.copyOfRange(ELTONS, 4, ELTONS.length);
        int refused = 0;
        int read = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] tpdu =
                    Arrays.copyOf(
                            sample, random.nextInt(4) == 0 ? random.nextInt(300) : sample.length);
            if (tpdu.length > 0) {
                tpdu[0] = (byte) (tpdu.length - 1);
            }
            for (int i = random.nextInt(4); i > 0 && tpdu.length > 0; i--) {
                tpdu[random.nextInt(tpdu.length)] = (byte) random.nextInt();
            }
            try {
                assertNotNull(ConnectionRequest.parse(tpdu));
                read++;
            } catch (RdpSyntaxException e) {
                refused++;
            }
        }
        assertTrue(read > 0 && refused > 0, read + " read, " + refused + " refused");
    }

    @Test
    void answersHaveTheBytesOfTheSpecification() {
        // MS-RDPBCGR 4.1.2 with this server's reference 0x1234 and the client's 0x5678.
        assertArrayEquals(
                HexFormat.of().parseHex("030000130ed0567812340002000800" + "00000000"),
                Tpkt.wrap(ServerTpdus.confirm(0x5678, SecurityProtocols.RDP)));
        assertArrayEquals(
                HexFormat.of().parseHex("030000130ed0567812340003000800" + "02000000"),
                Tpkt.wrap(ServerTpdus.refuse(0x5678, ServerTpdus.SSL_NOT_ALLOWED_BY_SERVER)));
        assertArrayEquals(
                HexFormat.of().parseHex("0300000b06d00000123400"),
                Tpkt.wrap(ServerTpdus.confirm(0)));
        assertArrayEquals(
                HexFormat.of().parseHex("0300000b06805678123400"),
                Tpkt.wrap(ServerTpdus.disconnect(0x5678)));
    }
}
