// What is wanted of a JSON body, and nothing else.
#include "harness/target/binding/body_reader.hpp"
#include "catch.hpp"

using namespace dueprocess::binding;

TEST_CASE("pointers find values of every kind, wherever they stand") {
  BodyReader reader{{"/a", "/b/c", "/b/d/1", "/n", "/t", "/list", "/x~1y/z~0", "/absent", "/b"}};
  REQUIRE(reader.read(
      R"({"z":[{"a":7}],"b":{"d":[1,-2.5e3,3],"c":"q\"\u00fc"},"a":12,"n":null,"t":true,"list":[[],{},3],"x/y":{"z~":"s"}})"));
  CHECK(reader.found(0).text == "12");
  CHECK(reader.found(0).kind == Found::Kind::number);
  CHECK(reader.found(1).text == "q\"ü");
  CHECK(reader.found(2).text == "-2.5e3");
  CHECK(reader.found(3).kind == Found::Kind::null);
  CHECK(reader.found(4).flag);
  CHECK(reader.found(5).kind == Found::Kind::list);
  CHECK(reader.found(5).elements == 3);
  CHECK(reader.found(6).text == "s");
  CHECK(reader.found(7).kind == Found::Kind::absent);
  CHECK(reader.found(8).kind == Found::Kind::object);
}

TEST_CASE("what was found in one body is not there in the next") {
  BodyReader reader{{"/a"}};
  REQUIRE(reader.read(R"({"a":"x"})"));
  REQUIRE(reader.read("{}"));
  CHECK(reader.found(0).kind == Found::Kind::absent);
  for (const char* broken : {"", "{", "{\"a\":1", "nonsense", "{\"a\":1}{", "<html>", "{\"a\":1,}"}) {
    CHECK_FALSE(reader.read(broken));
    CHECK(reader.found(0).kind == Found::Kind::absent);
  }
  CHECK_FALSE(reader.read(std::string(100, '[') + std::string(100, ']')));
  REQUIRE(reader.read(" {\"a\" : 5 } \n"));
  CHECK(reader.found(0).text == "5");
}

TEST_CASE("items of a list are told one after the other") {
  BodyReader reader{{"/next", "/rows"}, true, "/rows", {"/id", "/v/w"}};
  std::string told;
  const auto item = [&] { told += std::string{reader.item(0).text} + ":" + std::string{reader.item(1).text} + ";"; };
  REQUIRE(reader.read(R"({"rows":[{"id":1,"v":{"w":"a"},"deep":[{"id":9}]},{"id":2},7,{"v":{"w":"c"}}],"next":"n4"})", item));
  CHECK(told == "1:a;2:;:;:c;");
  CHECK(reader.found(0).text == "n4");
  CHECK(reader.found(1).elements == 4);
}

TEST_CASE("the whole body may be the list, or one object instead of it") {
  BodyReader reader{{}, true, "", {"/id"}};
  std::string told;
  const auto item = [&] { told += std::string{reader.item(0).text} + ";"; };
  REQUIRE(reader.read(R"([{"id":1},{"id":2}])", item));
  REQUIRE(reader.read(R"({"id":3,"sub":{"id":4}})", item));
  CHECK(told == "1;2;3;");
}
