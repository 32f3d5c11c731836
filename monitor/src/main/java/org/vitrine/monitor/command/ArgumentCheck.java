package org.vitrine.monitor.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigInteger;
import org.vitrine.monitor.command.QapiType.ArrayType;
import org.vitrine.monitor.command.QapiType.Builtin;
import org.vitrine.monitor.command.QapiType.EnumType;
import org.vitrine.monitor.command.QapiType.Member;
import org.vitrine.monitor.command.QapiType.ObjectType;

/**
 * Checks arguments against their types, with QEMU's words and in its order: the members as declared, then
 * those that are not declared. Places inside are written {@code events[0].data.value}.
 */
final class ArgumentCheck {

    private ArgumentCheck() {}

    /**
     * @throws CommandException when something is missing, unexpected, or of another type
     */
    static void check(ObjectType type, JsonObject arguments) throws CommandException {
        checkObject(type, arguments, "");
    }

    private static void checkObject(ObjectType type, JsonObject object, String prefix) throws CommandException {
        checkMembers(type, object, prefix);
        ObjectType variant = variant(type, object);
        if (variant != null) {
            checkMembers(variant, object, prefix);
        }
        for (String name : object.keySet()) {
            if (!declares(type, name) && (variant == null || !declares(variant, name))) {
                throw new CommandException("Parameter '" + prefix + name + "' is unexpected");
            }
        }
    }

    private static void checkMembers(ObjectType type, JsonObject object, String prefix) throws CommandException {
        for (Member member : type.members()) {
            JsonElement value = object.get(member.name());
            if (value != null) {
                checkValue(member.type(), value, prefix + member.name(), member.name());
            } else if (!member.optional()) {
                throw new CommandException("Parameter '" + prefix + member.name() + "' is missing");
            }
        }
    }

    private static ObjectType variant(ObjectType type, JsonObject object) {
        return type.tag() == null ? null : type.variants().get(object.get(type.tag()).getAsString());
    }

    private static boolean declares(ObjectType type, String name) {
        return type.members().stream().anyMatch(member -> member.name().equals(name));
    }

    /**
     * @param path the place from the outermost object
     * @param name the innermost member's name, or "null" in a list: QEMU has no more to say of enumerations
     */
    private static void checkValue(QapiType type, JsonElement value, String path, String name)
            throws CommandException {
        switch (type) {
            case Builtin builtin -> checkBuiltin(builtin, value, path);
            case EnumType choice -> {
                expect(isString(value), path, "string");
                if (!choice.values().contains(value.getAsString())) {
                    throw new CommandException(
                            "Parameter '" + name + "' does not accept value '" + value.getAsString() + "'");
                }
            }
            case ArrayType array -> {
                expect(value.isJsonArray(), path, "array");
                int index = 0;
                for (JsonElement element : value.getAsJsonArray()) {
                    checkValue(array.element(), element, path + "[" + index + "]", "null");
                    index++;
                }
            }
            case ObjectType object -> {
                expect(value.isJsonObject(), path, "object");
                checkObject(object, value.getAsJsonObject(), path + ".");
            }
        }
    }

    private static void checkBuiltin(Builtin type, JsonElement value, String path) throws CommandException {
        switch (type) {
            case STR -> expect(isString(value), path, "string");
            case INT -> expect(isInteger(value), path, "integer");
            case NUMBER -> expect(value instanceof JsonPrimitive number && number.isNumber(), path, "number");
            case BOOL -> expect(value instanceof JsonPrimitive bool && bool.isBoolean(), path, "boolean");
            case ANY -> {}
        }
    }

    private static void expect(boolean fits, String path, String expected) throws CommandException {
        if (!fits) {
            throw new CommandException("Invalid parameter type for '" + path + "', expected: " + expected);
        }
    }

    private static boolean isString(JsonElement value) {
        return value instanceof JsonPrimitive text && text.isString();
    }

    /** Whether it is a whole number that fits 64 bits with a sign. */
    static boolean isInteger(JsonElement value) {
        if (!(value instanceof JsonPrimitive primitive) || !primitive.isNumber()) {
            return false;
        }
        Number number = primitive.getAsNumber();
        if (number instanceof Double) {
            return false;
        }
        try {
            return new BigInteger(number.toString()).bitLength() < Long.SIZE;
        } catch (NumberFormatException e) {
            // Gson's own parser keeps numbers as their text; this one has a point or an exponent.
            return false;
        }
    }
}
