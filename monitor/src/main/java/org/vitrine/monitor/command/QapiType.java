package org.vitrine.monitor.command;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The types of arguments, results and events, with QAPI's notions and names. */
public sealed interface QapiType {

    /**
     * The name in the documentation, as {@code "str"}, {@code "RunState"} or {@code
     * "[CommandInfo]"}.
     */
    String qapiName();

    /** The types that need no definition. */
    enum Builtin implements QapiType {
        STR("str", "string"),
        INT("int", "int"),
        NUMBER("number", "number"),
        BOOL("bool", "boolean"),
        ANY("any", "value");

        private final String qapiName;
        private final String jsonType;

        Builtin(String qapiName, String jsonType) {
            this.qapiName = qapiName;
            this.jsonType = jsonType;
        }

        @Override
        public String qapiName() {
            return qapiName;
        }

        /** The {@code json-type} of introspection. */
        public String jsonType() {
            return jsonType;
        }
    }

    /** One of several words. */
    record EnumType(String qapiName, List<String> values) implements QapiType {
        public EnumType {
            values = List.copyOf(values);
        }
    }

    /** Any number of values of one type. */
    record ArrayType(QapiType element) implements QapiType {
        @Override
        public String qapiName() {
            return "[" + element.qapiName() + "]";
        }
    }

    /**
     * Named members.
     *
     * @param tag in a union, the member of an enumeration that says which variant's members there
     *     are; else null
     * @param variants the further members by the tag's value; a value without an entry has none
     */
    record ObjectType(
            String qapiName, List<Member> members, String tag, Map<String, ObjectType> variants)
            implements QapiType {

        /** No members. */
        public static final ObjectType EMPTY = of("Empty");

        public ObjectType {
            members = List.copyOf(members);
            variants = Map.copyOf(variants);
        }

        public static ObjectType of(String name, Member... members) {
            return new ObjectType(name, Arrays.asList(members), null, Map.of());
        }

        /** A union whose variants each are one member {@code data}. */
        public static ObjectType union(String name, EnumType tag, Map<String, QapiType> data) {
            Map<String, ObjectType> variants = new LinkedHashMap<>();
            data.forEach((value, type) ->
                    variants.put(
                            value,
                            of(type.qapiName() + "Wrapper", Member.required("data", type, ""))));
            return new ObjectType(
                    name, List.of(Member.required("type", tag, "which of them")), "type", variants);
        }

        /** The enumeration of a union's tag. */
        EnumType tagType() {
            for (Member member : members) {
                if (member.name().equals(tag) && member.type() instanceof EnumType choice) {
                    return choice;
                }
            }
            throw new IllegalStateException(qapiName + " has no tag");
        }
    }

    /**
     * A member of an object, or an argument of a command.
     *
     * @param help what it is, for documentation and the terminal; not empty for arguments
     */
    record Member(String name, QapiType type, boolean optional, String help) {

        public static Member required(String name, QapiType type, String help) {
            return new Member(name, type, false, help);
        }

        public static Member optional(String name, QapiType type, String help) {
            return new Member(name, type, true, help);
        }
    }

    /** A list of these. */
    default ArrayType list() {
        return new ArrayType(this);
    }
}
