package org.vitrine.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OptionSchemaTest {

    private final OptionSchema schema =
            OptionSchema.builder()
                    .string("host", "address to listen on", "127.0.0.1")
                    .integer("port", "TCP port", 5900, 0, 65535)
                    .bool("lossy", "whether pictures may lose detail", false)
                    .choice("share", "what a second client does", "allow", "allow", "refuse")
                    .secret("password", "what a client must give")
                    .build();

    @Test
    void optionsThatAreNotGivenHaveTheirDefaults() throws OptionException {
        OptionValues values = schema.parse(Map.of());
        assertEquals("127.0.0.1", values.string("host"));
        assertEquals(5900, values.integer("port"));
        assertFalse(values.bool("lossy"));
        assertFalse(values.has("password"));
    }

    @Test
    void wordsAreReadByType() throws OptionException {
        OptionValues values =
                schema.parse(Map.of("port", "0x10", "lossy", "on", "share", "refuse"));
        assertEquals(16, values.integer("port"));
        assertTrue(values.bool("lossy"));
        assertEquals("refuse", values.string("share"));
    }

    @Test
    void unknownNameIsToldTheKnownOnes() {
        OptionException e =
                assertThrows(OptionException.class, () -> schema.parse(Map.of("prot", "1")));
        assertEquals(
                "there is no option 'prot'; options are host, port, lossy, share, password",
                e.getMessage());
    }

    @Test
    void numberOutOfRangeIsToldTheRange() {
        OptionException e =
                assertThrows(OptionException.class, () -> schema.parse(Map.of("port", "65536")));
        assertEquals("option 'port' takes a number from 0 to 65535, not 65536", e.getMessage());
        e = assertThrows(OptionException.class, () -> schema.parse(Map.of("port", "many")));
        assertEquals("option 'port' takes a number from 0 to 65535, not 'many'", e.getMessage());
    }

    @Test
    void typedValueOfAnotherTypeIsRefused() {
        OptionException e =
                assertThrows(OptionException.class, () -> schema.check(Map.of("port", "5901")));
        assertEquals("option 'port' takes a number from 0 to 65535, not '5901'", e.getMessage());
        e = assertThrows(OptionException.class, () -> schema.check(Map.of("lossy", 1L)));
        assertEquals("option 'lossy' takes on or off, not 1", e.getMessage());
    }

    @Test
    void secretsAreNeverShown() throws OptionException {
        OptionValues values = schema.check(Map.of("password", "hunter2"));
        assertEquals("hunter2", values.string("password"));
        assertFalse(values.visible().containsKey("password"));
        assertFalse(values.toString().contains("hunter2"));
        OptionException e =
                assertThrows(OptionException.class, () -> schema.check(Map.of("password", 5L)));
        assertEquals("option 'password' takes a string", e.getMessage());
    }

    @Test
    void changedValuesKeepTheRestSecretsToo() throws OptionException {
        OptionValues values =
                schema.check(Map.of("password", "hunter2", "port", 1L)).with(Map.of("port", 2L));
        assertEquals(2, values.integer("port"));
        assertEquals("hunter2", values.string("password"));
    }

    @Test
    void missingRequiredOptionIsNamed() {
        OptionSchema needs =
                OptionSchema.builder().requiredString("file", "where to write").build();
        OptionException e = assertThrows(OptionException.class, () -> needs.parse(Map.of()));
        assertEquals("option 'file' is needed: where to write", e.getMessage());
    }

    @Test
    void twoOptionsCannotHaveOneName() {
        OptionSchema.Builder twice =
                OptionSchema.builder().string("a", "", null).bool("a", "", true);
        assertThrows(IllegalArgumentException.class, twice::build);
    }
}
