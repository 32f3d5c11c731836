package org.vitrine.frontend.vnc.rfb;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakeTest {

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static Handshake handshake(String password, String refusal) {
        return new Handshake(password, refusal, new Random(1));
    }

    @Test
    void version38WithoutPasswordHasAListAndAResult() throws RfbException {
        Handshake handshake = handshake(null, null);
        assertArrayEquals(ascii("RFB 003.008\n"), handshake.greeting());
        assertEquals(12, handshake.needed());
        assertArrayEquals(hex("01 01"), handshake.accept(ascii("RFB 003.008\n")));
        assertEquals(1, handshake.needed());
        assertArrayEquals(hex("00000000"), handshake.accept(new byte[] {1}));
        assertEquals(1, handshake.needed());
        assertArrayEquals(new byte[0], handshake.accept(new byte[] {1}));
        assertEquals(0, handshake.needed());
        assertTrue(handshake.shared());
        assertNull(handshake.failure());
    }

    @Test
    void version37WithoutPasswordHasNoResult() throws RfbException {
        Handshake handshake = handshake(null, null);
        assertArrayEquals(hex("01 01"), handshake.accept(ascii("RFB 003.007\n")));
        assertArrayEquals(new byte[0], handshake.accept(new byte[] {1}));
        handshake.accept(new byte[] {0});
        assertEquals(0, handshake.needed());
        assertFalse(handshake.shared());
    }

    @Test
    void version33IsToldTheSecurityType() throws RfbException {
        Handshake handshake = handshake(null, null);
        assertArrayEquals(hex("00000001"), handshake.accept(ascii("RFB 003.003\n")));
        handshake.accept(new byte[] {1});
        assertEquals(0, handshake.needed());
        assertEquals(RfbVersion.V3_3, handshake.version());
    }

    @Test
    void theRightPasswordIsLetInByEachVersion() throws RfbException {
        for (RfbVersion version : RfbVersion.values()) {
            Handshake handshake = handshake("secret", null);
            byte[] challenge = challenge(handshake, version);
            assertArrayEquals(
                    hex("00000000"),
                    handshake.accept(VncAuthentication.response(challenge, "secret")),
                    "" + version);
            handshake.accept(new byte[] {1});
            assertEquals(0, handshake.needed());
            assertNull(handshake.failure());
            assertFalse(handshake.wrongPassword());
        }
    }

    @Test
    void aWrongPasswordFailsWithAReasonIn38Alone() throws RfbException {
        for (RfbVersion version : RfbVersion.values()) {
            Handshake handshake = handshake("secret", null);
            byte[] challenge = challenge(handshake, version);
            byte[] answer = handshake.accept(VncAuthentication.response(challenge, "Secret"));
            assertArrayEquals(hex("00000001"), Arrays.copyOf(answer, 4));
            assertEquals(
                    version == RfbVersion.V3_8 ? 8 + "the password is wrong".length() : 4,
                    answer.length);
            assertEquals(0, handshake.needed());
            assertTrue(handshake.wrongPassword());
        }
    }

    private static byte[] challenge(Handshake handshake, RfbVersion version) throws RfbException {
        byte[] answer = handshake.accept(version.message());
        if (version == RfbVersion.V3_3) {
            assertArrayEquals(hex("00000002"), Arrays.copyOf(answer, 4));
            return Arrays.copyOfRange(answer, 4, 20);
        }
        assertArrayEquals(hex("01 02"), answer);
        byte[] challenge = handshake.accept(new byte[] {2});
        assertEquals(16, challenge.length);
        return challenge;
    }

    @Test
    void refusedClientsAreToldWhy() throws RfbException {
        Handshake handshake = handshake(null, "full");
        assertArrayEquals(hex("00 00000004 66756c6c"), handshake.accept(ascii("RFB 003.008\n")));
        assertEquals(0, handshake.needed());
        assertEquals("full", handshake.failure());
        assertArrayEquals(
                hex("00000000 00000004 66756c6c"),
                handshake(null, "full").accept(ascii("RFB 003.003\n")));
    }

    @Test
    void theTypeNoneIsNoWayAroundThePassword() throws RfbException {
        Handshake handshake = handshake("secret", null);
        handshake.accept(ascii("RFB 003.008\n"));
        assertThrows(RfbException.class, () -> handshake.accept(new byte[] {1}));
    }

    @Test
    void oddVersionsAreTakenAsTheNearestKnownOne() throws RfbException {
        assertEquals(RfbVersion.V3_3, RfbVersion.parse(ascii("RFB 003.005\n")));
        assertEquals(RfbVersion.V3_8, RfbVersion.parse(ascii("RFB 003.889\n")));
        assertEquals(RfbVersion.V3_8, RfbVersion.parse(ascii("RFB 004.001\n")));
        assertThrows(RfbException.class, () -> RfbVersion.parse(ascii("RFB 002.002\n")));
        assertThrows(RfbException.class, () -> RfbVersion.parse(ascii("GET / HTTP/1")));
    }

    @Test
    void theResponseIsDesWithTheKeysBitsReversed() {
        // Made with: openssl enc -des-ecb -nopad -K 0e86ceceeef64e26 ("password", each byte's bits
        // reversed).
        assertArrayEquals(
                hex("b8669241 25c8eebb 9debc1db 61c538e2"),
                VncAuthentication.response(hex("000102030405060708090a0b0c0d0e0f"), "password"));
        assertArrayEquals(
                VncAuthentication.response(new byte[16], "12345678"),
                VncAuthentication.response(new byte[16], "123456789"));
    }
}
