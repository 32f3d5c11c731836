package org.vitrine.monitor.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** QEMU's commands and events for VNC, with the VNC frontend itself. */
class VncCommandsIT {

    /** A client through its handshake (RFC 6143, 7.1 to 7.3), or one that was turned away. */
    private record Viewer(Socket socket, boolean admitted) implements AutoCloseable {

        static Viewer connect(int port, String password) throws Exception {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout((int) VitrineProcess.DEADLINE.toMillis());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            assertEquals("RFB 003.008\n", new String(in.readNBytes(12), StandardCharsets.US_ASCII));
            out.write("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
            int types = in.readUnsignedByte();
            byte[] offered = in.readNBytes(types);
            int wanted = password == null ? 1 : 2;
            assertEquals(wanted, offered[0]);
            out.write(wanted);
            if (password != null) {
                out.write(response(in.readNBytes(16), password));
            }
            boolean admitted = in.readInt() == 0;
            if (admitted) {
                out.write(1);
                in.readNBytes(20);
                in.readNBytes(in.readInt());
            }
            return new Viewer(socket, admitted);
        }

        /** DES with each byte of the key's bits in the opposite order (RFC 6143, 7.2.2). */
        private static byte[] response(byte[] challenge, String password) throws Exception {
            byte[] key = new byte[8];
            for (int i = 0; i < Math.min(8, password.length()); i++) {
                key[i] = (byte) (Integer.reverse(password.charAt(i)) >>> 24);
            }
            Cipher des = Cipher.getInstance("DES/ECB/NoPadding");
            des.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "DES"));
            return des.doFinal(challenge);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static boolean admits(VitrineProcess vitrine, String password) throws Exception {
        try (Viewer viewer = Viewer.connect(vitrine.port("vnc0"), password)) {
            return viewer.admitted();
        }
    }

    private static String error(VitrineProcess vitrine, String command, String arguments)
            throws IOException {
        return vitrine.request(command, arguments)
                .getAsJsonObject("error")
                .get("desc")
                .getAsString();
    }

    /** Asked again while it is wrong: clients are missing when a frontend tells of them late. */
    private static void assertAnswer(String expected, VitrineProcess vitrine, String command)
            throws IOException {
        JsonElement wanted = JsonParser.parseString(expected);
        long deadline = System.nanoTime() + VitrineProcess.DEADLINE.toNanos();
        JsonElement answer = vitrine.execute(command);
        while (!answer.equals(wanted) && System.nanoTime() < deadline) {
            answer = vitrine.execute(command);
        }
        assertEquals(wanted, answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-process", "own-process"})
    void passwordsAreSetAndExpire(String placement) throws Exception {
        try (VitrineProcess vitrine = new VitrineProcess("-monitor", "none", "-display", "none")) {
            vitrine.execute(
                    "frontend-attach",
                    "{\"driver\":\"vnc\",\"placement\":\"%s\",\"options\":{\"port\":0,\"password\":\"first\"}}"
                            .formatted(placement));
            assertTrue(admits(vitrine, "first"));
            vitrine.execute("change-vnc-password", "{\"password\":\"second\"}");
            assertFalse(admits(vitrine, "first"));
            assertTrue(admits(vitrine, "second"));
            vitrine.execute(
                    "set_password",
                    "{\"protocol\":\"vnc\",\"password\":\"third\",\"display\":\"vnc0\"}");
            assertTrue(admits(vitrine, "third"));
            vitrine.execute("expire_password", "{\"protocol\":\"vnc\",\"time\":\"now\"}");
            assertFalse(admits(vitrine, "third"));
            // As in QEMU a new password does not move the end.
            vitrine.execute("change-vnc-password", "{\"password\":\"fourth\"}");
            assertFalse(admits(vitrine, "fourth"));
            vitrine.execute("expire_password", "{\"protocol\":\"vnc\",\"time\":\"never\"}");
            assertTrue(admits(vitrine, "fourth"));
            vitrine.execute("set_password", "{\"protocol\":\"vnc\",\"password\":\"\"}");
            assertFalse(admits(vitrine, ""));
            assertEquals(
                    "Invalid parameter 'connected'",
                    error(
                            vitrine,
                            "set_password",
                            "{\"protocol\":\"vnc\",\"password\":\"x\",\"connected\":\"fail\"}"));
            assertEquals(
                    "vnc tls is not enabled",
                    error(vitrine, "display-reload", "{\"type\":\"vnc\",\"tls-certs\":true}"));
            assertEquals(0, vitrine.quit());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-process", "own-process"})
    void clientsAreListedAndToldOf(String placement) throws Exception {
        try (VitrineProcess vitrine = new VitrineProcess("-monitor", "none", "-display", "none")) {
            vitrine.execute(
                    "frontend-attach",
                    "{\"driver\":\"vnc\",\"placement\":\"%s\",\"options\":{\"port\":0}}"
                            .formatted(placement));
            int port = vitrine.port("vnc0");
            String server =
                    "\"host\":\"127.0.0.1\",\"family\":\"ipv4\",\"service\":\"" + port + "\",";
            try (Viewer viewer = Viewer.connect(port, null)) {
                String client =
                        "{\"host\":\"127.0.0.1\",\"family\":\"ipv4\",\"service\":\""
                                + viewer.socket().getLocalPort()
                                + "\",\"websocket\":false}";
                JsonObject data =
                        JsonParser.parseString(
                                        "{\"server\":{"
                                                + server
                                                + "\"websocket\":false,\"auth\":\"none\"},\"client\":"
                                                + client
                                                + "}")
                                .getAsJsonObject();
                assertEquals(data, vitrine.awaitEvent("VNC_CONNECTED").get("data"));
                assertEquals(data, vitrine.awaitEvent("VNC_INITIALIZED").get("data"));
                assertAnswer(
                        "{"
                                + server
                                + "\"auth\":\"none\",\"clients\":["
                                + client
                                + "],\"enabled\":true}",
                        vitrine,
                        "query-vnc");
                assertAnswer(
                        "[{\"auth\":\"none\",\"clients\":["
                                + client
                                + "],\"server\":[{"
                                + server
                                + "\"websocket\":false,\"auth\":\"none\"}],\"id\":\"vnc0\"}]",
                        vitrine,
                        "query-vnc-servers");
                viewer.socket().close();
                assertEquals(data, vitrine.awaitEvent("VNC_DISCONNECTED").get("data"));
            }
            // QEMU does not begin to ask for a password either.
            assertEquals(
                    "Could not set password",
                    error(vitrine, "change-vnc-password", "{\"password\":\"x\"}"));
            assertEquals(0, vitrine.quit());
        }
    }
}
